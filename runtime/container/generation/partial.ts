import { SectionSchema, type LayoutSpec, type Section, type SectionType } from "../../contract/layout";
import { beginningOf, wholeObjects } from "./cut";
import { isWanted, judge, SECTION_TYPES, withId, type LayoutLimits } from "./layout";

/** A layout without sections that it should have. */
export interface PartialLayout {
  layout: LayoutSpec;
  /** What is missing, as a sentence. */
  missing: string;
}

const MOST_SECTIONS = 12;
const isList = ({ type }: Section): boolean => type === "grid" || type === "recommendations";

/**
 * The sections that are whole and right in an answer that, taken together, is not. Undefined where they make no page: one
 * begins with a hero or shows products.
 *
 * @param template Its lists stand in where the model's answer has none left.
 */
export function salvageLayout(text: string, limits: LayoutLimits, template: LayoutSpec): PartialLayout | undefined {
  const { whole, rest } = wholeObjects(text, "sections");
  const kept: Section[] = [];
  const spoilt: string[] = [...typesIn(rest)];
  for (const [index, one] of whole.slice(0, MOST_SECTIONS).entries()) {
    const parsed = SectionSchema.safeParse(withId(one, index));
    if (!parsed.success) spoilt.push(...typeOf(one));
    else if (isWanted(parsed.data.type, limits)) {
      const judged = judge(parsed.data, limits);
      if ("section" in judged) kept.push(judged.section);
      else spoilt.push(parsed.data.type);
    }
  }
  const last = kept.at(-1);
  if (last === undefined || !kept.some((section) => section.type === "hero" || isList(section))) return undefined;
  const lists = kept.some(isList) ? [] : template.sections.filter(isList);
  const types = [...new Set([...spoilt, ...notIn(kept, limits)])];
  return {
    layout: { version: 1, persona: limits.persona, sections: [...kept, ...lists] },
    missing:
      types.length > 0
        ? `The model gave no usable ${types.join(", ")} section in time.`
        : `The model's answer breaks off after its ${last.type} section.`,
  };
}

/** Says which of the sections that were asked for a whole layout lacks; undefined for none. */
export function missingOf({ sections }: LayoutSpec, limits: LayoutLimits): string | undefined {
  const types = notIn(sections, limits);
  return types.length === 0 ? undefined : `The model gave no ${types.join(", ")} section.`;
}

const notIn = (sections: readonly Section[], { components = [] }: LayoutLimits): SectionType[] =>
  components.filter((type) => !sections.some((section) => section.type === type));

/** The type of a section, if it is known. */
const typeOf = (section: object): string[] =>
  "type" in section && SECTION_TYPES.has(section.type) ? [String(section.type)] : [];

/** The type that the first section of a text has, if it is known. */
function typesIn(text: string): string[] {
  const type = /"type"\s*:\s*"(hero|grid|filters|recommendations|cta)"/.exec(text)?.[1];
  return type === undefined ? [] : [type];
}

/** Ends of elements that hold parts of a page. */
const BLOCK_END = /<\/(?:section|article|main|div|ul|ol)\s*>/gi;

/**
 * The document in an answer of the html mode that breaks off, up to the last part that is whole, as an answer that can be read.
 * Undefined where nothing is. Whether it makes a page is for its reader to say.
 */
export function wholePartOfPage(text: string): string | undefined {
  const html = beginningOf(text, "html");
  const end = html === undefined ? undefined : [...html.matchAll(BLOCK_END)].at(-1);
  if (html === undefined || end === undefined) return undefined;
  return JSON.stringify({ html: html.slice(0, end.index + end[0].length) });
}
