import { WandError } from "../../contract/errors";
import { LayoutSpecSchema, type LayoutSpec, type Section, type SectionType } from "../../contract/layout";
import type { PersonaType } from "../../contract/persona";

/** What a layout may refer to and consist of. */
export interface LayoutLimits {
  persona: PersonaType;
  productIds: ReadonlySet<string>;
  /** Section types that were asked for; all of them when absent. */
  components?: readonly SectionType[] | undefined;
}

/**
 * Reads what a model wrote: lenient about what stands around the JSON, strict about the JSON. The persona is ours, whatever
 * the text says.
 *
 * @throws {WandError} GENERATION_FAILED; the message quotes nothing of the text.
 */
export function readLayout(text: string, limits: LayoutLimits): LayoutSpec {
  const parsed = LayoutSpecSchema.safeParse({ ...extractObject(text), version: 1, persona: limits.persona });
  if (!parsed.success) {
    const where = parsed.error.issues.slice(0, 3).map((issue) => issue.path.join("."));
    throw new WandError("GENERATION_FAILED", `The model's layout is malformed at ${where.join(", ")}.`);
  }
  const layout = restrictLayout(parsed.data, limits);
  if (layout.sections.length === 0) {
    throw new WandError("GENERATION_FAILED", "The model's layout names no product of the catalogue.");
  }
  return layout;
}

/** Removes product ids that the catalogue lacks, lists left empty by that, and sections nobody asked for. */
export function restrictLayout(layout: LayoutSpec, limits: LayoutLimits): LayoutSpec {
  const wanted = limits.components;
  const asked = layout.sections.filter((section) => wanted === undefined || wanted.includes(section.type));
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

/** The first JSON object in a text: bare, in a code fence, or with words around it. */
export function extractObject(text: string): object {
  const fenced = /```(?:json)?\s*([\s\S]*?)```/i.exec(text)?.[1] ?? text;
  const candidate = fenced.slice(fenced.indexOf("{"), fenced.lastIndexOf("}") + 1);
  try {
    const value: unknown = JSON.parse(candidate);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told apart from nothing else: whatever is not an object is refused below.
  }
  throw new WandError("GENERATION_FAILED", "The model did not answer with a JSON object.");
}
