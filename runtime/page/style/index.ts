import { sha256 } from "@noble/hashes/sha2.js";
import type { PersonaType } from "../../contract/persona";
import type { Lens } from "../facets";
import { byKey } from "../memo";
import type { ResolvedLayout } from "../resolve";
import { BASE } from "./base";
import { CHARACTERS } from "./characters";
import { CTA, HERO } from "./hero";
import { AIRY, LISTS, PRODUCT, ROWS, TILES } from "./lists";
import type { Look } from "./look";
import { BUY, FILTERS, REST, STRIP } from "./parts";
import { PERSONAS } from "./personas";

interface Style {
  look: Look;
  direction: "ltr" | "rtl";
  persona: PersonaType;
  lenses: readonly Lens[];
  resolved: ResolvedLayout;
}

/** A style sheet and `sha256-…` (base64) of it, as a CSP names it. */
interface Sheet {
  css: string;
  cspHash: string;
}

/** Line breaks and indents are for us; a page does without. */
const compact = (css: string): string => css.replace(/\s*\n\s*/g, "");

/** Rules of the parts that not every page has. */
const PARTS = {
  hero: HERO,
  cta: CTA,
  recommendations: STRIP,
  filters: FILTERS,
  airy: AIRY,
  tile: TILES,
  row: ROWS,
  rest: REST,
};
type Part = keyof typeof PARTS;

/** The one style sheet of a page: tokens of the brand, common rules, what its parts, character, persona and lenses add. */
export function pageSheet({ look, direction, persona, lenses, resolved }: Style): Sheet {
  const used = partsOf(resolved);
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => used.has(part));
  const tokens = lenses.map((lens) => lens.token);
  return sheets([look.key, direction, persona, ...parts, ...tokens].join(" "), () => {
    const rules = [
      BASE,
      PRODUCT,
      LISTS,
      BUY,
      ...parts.map((part) => PARTS[part]),
      CHARACTERS[look.character.name],
      PERSONAS[persona],
    ];
    if (direction === "rtl") rules.push(RTL);
    const css = look.tokens + compact(rules.join("")) + lensCss(lenses);
    return { css, cspHash: cspHash(css) };
  });
}

/** Words of either direction, each in its own order, all from the right. */
const RTL = `
body{text-align:right}
h1,h2,h3,p,li,dt,dd,.chip{unicode-bidi:plaintext}
:is(.tile,.row) .words{text-align:right}
`;

/** A page's style sheet depends on little, so a shop's pages have few different ones; about 10 KB each. */
const sheets = byKey<Sheet>(128);

/** `sha256-…` (base64) of a style sheet, as a CSP names it inside single quotes. */
export function cspHash(css: string): string {
  const digest = sha256(new TextEncoder().encode(css));
  return `sha256-${btoa(String.fromCharCode(...digest))}`;
}

function partsOf({ sections, rest }: ResolvedLayout): Set<string> {
  const used = sections.flatMap((section) =>
    section.type === "grid" ? [section.config.density, section.config.item] : [section.type],
  );
  return new Set<string>(rest.length > 0 ? [...used, "rest"] : used);
}

/** While a lens is the target, what it does not keep is away, and its link is marked. */
function lensCss(lenses: readonly Lens[]): string {
  if (lenses.length === 0) return "";
  const away = lenses.map(({ token }) => {
    const active = `#only-${token}:target~.list`;
    return `${active} .item:not(.${token}),${active}:not(:has(.${token}))`;
  });
  const chosen = lenses.map(({ token }) => `#only-${token}:target~.filters [href="#only-${token}"]`);
  return `${away.join()}{display:none}${chosen.join()}{background:var(--ink);color:var(--page);outline:2px solid}`;
}
