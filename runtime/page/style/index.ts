import type { PersonaType } from "../../contract/persona";
import type { Brand } from "../../contract/store";
import type { Lens } from "../facets";
import type { ResolvedLayout } from "../resolve";
import { BASE } from "./base";
import type { Character } from "./character";
import { CHARACTERS } from "./characters";
import { CTA, HERO } from "./hero";
import { AIRY, LISTS, ROWS, TILES } from "./lists";
import { FILTERS, REST, STRIP } from "./parts";
import { PERSONAS } from "./personas";
import { tokensCss, type Palette } from "./tokens";

interface Style {
  brand: Brand;
  character: Character;
  palette: Palette;
  persona: PersonaType;
  lenses: readonly Lens[];
  resolved: ResolvedLayout;
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
export function pageCss({ brand, character, palette, persona, lenses, resolved }: Style): string {
  const used = partsOf(resolved);
  const parts = (Object.keys(PARTS) as Part[]).filter((part) => used.has(part)).map((part) => PARTS[part]);
  const rules = [BASE, LISTS, ...parts, CHARACTERS[character.name], PERSONAS[persona]].join("");
  return tokensCss(brand, character, palette) + compact(rules) + lensCss(lenses);
}

function partsOf({ sections, rest }: ResolvedLayout): Set<string> {
  const used = sections.flatMap((section) =>
    section.type === "grid" ? [section.config.density, section.config.item] : [section.type],
  );
  return new Set<string>(rest.length > 0 ? [...used, "rest"] : used);
}

/** While a lens is the target, what it does not keep is away, and its link is marked. */
function lensCss(lenses: readonly Lens[]): string {
  return lenses
    .map(({ token }) => {
      const active = `#only-${token}:target~`;
      return (
        `${active}.list .item:not(.${token}),${active}.list:not(:has(.${token})){display:none}` +
        `${active}.filters [href="#only-${token}"]{background:var(--ink);color:var(--page)}`
      );
    })
    .join("");
}
