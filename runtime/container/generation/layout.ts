import { WandError } from "../../contract/errors";
import {
  LayoutSpecSchema,
  SectionSchema,
  type LayoutSpec,
  type Section,
  type SectionType,
} from "../../contract/layout";
import type { PersonaType } from "../../contract/persona";
import { findObject } from "./json";

/** What a layout may refer to and consist of. */
export interface LayoutLimits {
  persona: PersonaType;
  productIds: ReadonlySet<string>;
  /** Section types that were asked for; all of them when absent. */
  components?: readonly SectionType[] | undefined;
}

/** What a section may be called by its `type`. */
export const SECTION_TYPES: ReadonlySet<unknown> = new Set(SectionSchema.options.map(({ shape }) => shape.type.value));
const ID = SectionSchema.options[0].shape.id;

/**
 * Reads what a model wrote: lenient about what stands around the sections, strict about what is in them. The persona is ours,
 * whatever the text says. Products that the catalogue lacks are left out of lists, sections that nobody asked for out of the page.
 *
 * @throws {WandError} GENERATION_FAILED; the message says what the model is to put right, and quotes nothing of the text.
 */
export function readLayout(text: string, limits: LayoutLimits): LayoutSpec {
  const answer = findObject(text, "sections") as { sections: unknown } | undefined;
  if (answer === undefined) throw new WandError("GENERATION_FAILED", "The model did not answer with the JSON object.");
  const given = Array.isArray(answer.sections) ? answer.sections.filter(isOfKnownType).map(withId) : answer.sections;
  const parsed = LayoutSpecSchema.safeParse({ version: 1, persona: limits.persona, sections: given });
  if (!parsed.success) {
    const where = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join("."));
    throw new WandError("GENERATION_FAILED", `The model's layout is malformed at ${where.join(", ")}.`);
  }
  const sections = parsed.data.sections.flatMap((section, index) => {
    if (!isWanted(section.type, limits)) return [];
    const judged = judge(section, limits);
    if ("section" in judged) return [judged.section];
    throw new WandError("GENERATION_FAILED", `The model's layout ${judged.fault} at sections.${index}.`);
  });
  if (sections.length === 0) {
    throw new WandError("GENERATION_FAILED", "The model's layout has none of the sections that were asked for.");
  }
  return { ...parsed.data, sections };
}

/** Not so are sections that no page of ours has, such as reviews: the page is whole without them. */
const isOfKnownType = (section: unknown): boolean =>
  typeof section !== "object" || section === null || !("type" in section) || SECTION_TYPES.has(section.type);

/** What a section is called matters to nobody but the page's own links, so that a name of ours is as good. */
export function withId(section: unknown, index: number): unknown {
  if (typeof section !== "object" || section === null) return section;
  return "id" in section && ID.safeParse(section.id).success ? section : { ...section, id: `section_${index + 1}` };
}

/** A section as it may stand on a page, or why it may not. */
export function judge(section: Section, { productIds }: LayoutLimits): { section: Section } | { fault: string } {
  const [known] = withKnownProducts(section, productIds);
  return known === undefined ? { fault: "names no product of the catalogue" } : { section: known };
}

export const isWanted = (type: SectionType, { components }: LayoutLimits): boolean =>
  components === undefined || components.includes(type);

/** Removes product ids that the catalogue lacks, lists left empty by that, and sections nobody asked for. */
export function restrictLayout(layout: LayoutSpec, limits: LayoutLimits): LayoutSpec {
  const asked = layout.sections.filter(({ type }) => isWanted(type, limits));
  return { ...layout, sections: asked.flatMap((section) => withKnownProducts(section, limits.productIds)) };
}

function withKnownProducts(section: Section, known: ReadonlySet<string>): Section[] {
  switch (section.type) {
    case "grid": {
      const ids = section.config.product_ids.filter((id) => known.has(id));
      return ids.length === 0 ? [] : [{ ...section, config: { ...section.config, product_ids: ids } }];
    }
    case "recommendations": {
      const ids = section.config.product_ids.filter((id) => known.has(id));
      return ids.length === 0 ? [] : [{ ...section, config: { ...section.config, product_ids: ids } }];
    }
    case "hero":
      return [{ ...section, config: withKnownProduct(section.config, known) }];
    case "cta":
      return [{ ...section, config: withKnownProduct(section.config, known) }];
    case "filters":
      return [section];
  }
}

function withKnownProduct<C extends { product_id?: string | undefined }>(config: C, known: ReadonlySet<string>): C {
  if (config.product_id === undefined || known.has(config.product_id)) return config;
  return { ...config, product_id: undefined };
}
