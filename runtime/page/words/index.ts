import { directionOf } from "../direction";
import { html, trusted, type Html } from "../html";
import { byKey } from "../memo";
import { ar } from "./ar";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { it } from "./it";
import { ja } from "./ja";
import type { Copy, Language, Words } from "./language";
import { nl } from "./nl";
import { pt } from "./pt";

export type { Copy, Words } from "./language";

/** What pages can say by themselves, by language. To add one: a file beside these, and its line here. */
export const LANGUAGES: Readonly<Record<string, Language>> = { en, de, fr, es, it, nl, pt, ar, ja };

/** How a page of one locale speaks. */
export interface Speech {
  /** Primary language of `words` and `copy`: the locale's, or English where nobody has written that down. */
  language: string;
  words: Words;
  copy: Copy;
  /**
   * A text of `words` or `copy`, as the page shows it. In a page of another language it is marked as English, so that it is
   * read out as what it is (WCAG 2.1, 3.1.2).
   */
  say: (text: string) => Html | string;
  /** The same mark for an element of ours whose attributes have words. */
  mark: Html | undefined;
}

/** How a page of this BCP 47 locale speaks; the same object for the same locale. */
export const speechIn = (locale: string): Speech => speeches(locale, () => makeSpeech(locale));

const speeches = byKey<Speech>(64);

function makeSpeech(locale: string): Speech {
  const language = primaryOf(locale);
  const own = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
  if (own !== undefined) return { language, ...own, say: (text) => text, mark: undefined };
  const mark = trusted(directionOf(locale) === "rtl" ? ` lang="en" dir="ltr"` : ` lang="en"`);
  return { language: "en", ...en, mark, say: (text) => html`<span${mark}>${text}</span>` };
}

const primaryOf = (locale: string): string => locale.split("-", 1)[0]?.toLowerCase() ?? "";
