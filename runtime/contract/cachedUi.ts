import * as z from "zod";
import { SectionSchema } from "./layout";

/** What KV `UI_CACHE` holds for one page (gzip when over 1 KB). */
export const CachedUISchema = z.object({
  version: z.literal(1),
  /** `layout`: our renderer made the page of `components`. `html`: a model wrote it, and `components` say only what is in it. */
  format: z.enum(["layout", "html"]).default("layout"),
  ui: z.object({ html: z.string(), css: z.string().optional(), components: z.array(SectionSchema) }),
  meta: z.object({
    persona_type: z.string(),
    generated_at: z.iso.datetime(),
    model: z.string(),
    generation_time_ms: z.number(),
  }),
  shop_context: z.object({ shop_id: z.string(), product_count: z.number().int() }),
  source: z.enum(["model", "template"]),
  catalogue_version: z.string(),
  /** `'sha256-…'` of the page's one style element, as the CSP names it. */
  csp_hash: z.string(),
});
export type CachedUI = z.infer<typeof CachedUISchema>;
