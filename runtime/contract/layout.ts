import * as z from "zod";
import { PERSONA_TYPES } from "./persona";

/**
 * A page as a model (or the template) describes it: sections with small typed configs and product *ids*. It has no
 * place for markup, a link or a price, so nothing that writes one of these can put any of them on a page.
 */
const id = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
const productId = z.string().min(1).max(255);
const line = (max: number) => z.string().trim().min(1).max(max);

export const HeroSection = z.object({
  type: z.literal("hero"),
  id,
  config: z.object({
    title: line(90),
    subtitle: z.string().trim().max(220).default(""),
    cta_text: line(40),
    /** `quiet`: words only. `split`: words beside one product. `banner`: full colour. `deal`: the saving in large type. */
    style: z.enum(["quiet", "split", "banner", "deal"]).default("split"),
    product_id: productId.optional(),
  }),
});

export const GridSection = z.object({
  type: z.literal("grid"),
  id,
  config: z.object({
    title: z.string().trim().max(90).default(""),
    columns: z.number().int().min(1).max(4).default(3),
    product_ids: z.array(productId).min(1).max(96),
    density: z.enum(["airy", "regular", "compact"]).default("regular"),
    /** `card`: picture above words. `row`: a line each, with details. `tile`: the picture is the card. */
    item: z.enum(["card", "row", "tile"]).default("card"),
    /** What each product shows beside its picture, title and price. */
    show: z.array(z.enum(["description", "vendor", "saving", "tags", "options", "stock"])).default([]),
  }),
});

export const FiltersSection = z.object({
  type: z.literal("filters"),
  id,
  config: z.object({
    /** Links to parts of the page, one per category; works without a script. */
    title: z.string().trim().max(60).default(""),
    facets: z
      .array(z.enum(["category", "price", "saving"]))
      .min(1)
      .max(3),
  }),
});

export const RecommendationsSection = z.object({
  type: z.literal("recommendations"),
  id,
  config: z.object({
    title: line(90),
    reason: z.string().trim().max(200).default(""),
    product_ids: z.array(productId).min(1).max(12),
  }),
});

export const CtaSection = z.object({
  type: z.literal("cta"),
  id,
  config: z.object({
    title: line(90),
    text: z.string().trim().max(240).default(""),
    cta_text: line(40),
    /** The product the button leads to; without one it leads to the first grid. */
    product_id: productId.optional(),
  }),
});

export const SectionSchema = z.discriminatedUnion("type", [
  HeroSection,
  GridSection,
  FiltersSection,
  RecommendationsSection,
  CtaSection,
]);
export type Section = z.infer<typeof SectionSchema>;
export type SectionType = Section["type"];

export const LayoutSpecSchema = z.object({
  version: z.literal(1),
  persona: z.enum(PERSONA_TYPES),
  sections: z.array(SectionSchema).min(1).max(12),
});
export type LayoutSpec = z.infer<typeof LayoutSpecSchema>;
