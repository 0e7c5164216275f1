import * as z from "zod";
import { SectionSchema } from "./layout";
import { PersonaSchema, PERSONA_HASH_PATTERN } from "./persona";
import { ProductSchema, WebUrl } from "./product";
import { BrandSchema, CHECKOUT_KINDS, SHOPPER_ID_PATTERN } from "./store";

/** Header with the milliseconds that are left of the job when the request is sent. */
export const DEADLINE_HEADER = "X-Deadline-Ms";
/** Header that follows a job from the edge to the generator's log. */
export const REQUEST_ID_HEADER = "X-Request-Id";

/** A product as the wire contract has it: seven keys are required, the rest of the catalogue's may be left out. */
export const GenerateProductSchema = z.object({
  ...ProductSchema.partial().shape,
  id: ProductSchema.shape.id,
  title: ProductSchema.shape.title,
  price: ProductSchema.shape.price,
  currency: ProductSchema.shape.currency,
  image_url: WebUrl.nullable(),
  category: ProductSchema.shape.category,
  tags: ProductSchema.shape.tags,
});
export type GenerateProduct = z.infer<typeof GenerateProductSchema>;

/** `POST /generate`, the canonical body. Money in the shop's currency. */
export const GenerateRequestSchema = z.object({
  shopper_id: z.string().regex(SHOPPER_ID_PATTERN),
  persona: PersonaSchema.extend({ hash: z.string().regex(PERSONA_HASH_PATTERN).optional() }),
  shop: z.object({
    shop_id: z.string().min(1).max(80),
    name: z.string().max(120).optional(),
    locale: z.string().max(35).optional(),
    shop_url: WebUrl.optional(),
    /** How the page sells. */
    checkout: z.object({ kind: z.enum(CHECKOUT_KINDS) }).optional(),
    /** Version of the catalogue the products are from; comes back in `meta`. */
    catalogue_version: z.string().max(64).optional(),
    products: z.array(GenerateProductSchema).min(1).max(200),
    brand_guidelines: BrandSchema,
  }),
  /** Where the page will be served; without it the page has no canonical link and no script. */
  page: z
    .object({
      canonical_url: WebUrl.optional(),
      script_url: z
        .string()
        .regex(/^\/assets\/[\w.-]+$/)
        .optional(),
    })
    .optional(),
  options: z
    .object({
      force: z.boolean().optional(),
      /** What the model is asked for; a layout by default. */
      format: z.enum(["layout", "html"]).optional(),
      /** The template makes the page, and no model is asked: the shop's budget is spent. */
      template_only: z.boolean().optional(),
      components: z.array(z.enum(["hero", "grid", "filters", "recommendations", "cta"])).optional(),
    })
    .optional(),
});
export type GenerateRequest = z.infer<typeof GenerateRequestSchema>;

export const GenerationMetaSchema = z.object({
  generation_time_ms: z.number().min(0),
  /** The model's id, or `template`. */
  model: z.string(),
  /** Who made the layout: a model, or our own template. */
  source: z.enum(["model", "template"]),
  tokens_used: z.object({ prompt: z.number(), completion: z.number(), total: z.number() }),
  /** What all calls to models cost together, US dollars; null when one of them has no known price. */
  usd: z.number().min(0).nullable().optional(),
  /** Each call to a model, in order: `ok`, `BREAKER_OPEN`, or an error code. */
  attempts: z
    .array(z.object({ model: z.string(), outcome: z.string(), ms: z.number().min(0) }))
    .max(50)
    .optional(),
  generated_at: z.iso.datetime(),
  prompt_version: z.string(),
});

/** A finished page of the generator; `partial` lacks a section and says so in `error`. */
export const GenerateResponseSchema = z.object({
  status: z.enum(["success", "partial"]),
  ui: z.object({
    html: z.string().min(1),
    css: z.string().optional(),
    csp_hash: z.string(),
    components: z.array(SectionSchema),
    persona_hash: z.string(),
    /** Who made the document: our renderer from a layout, or the model. */
    format: z.enum(["layout", "html"]).default("layout"),
  }),
  meta: GenerationMetaSchema,
  error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).optional(),
});
export type GenerateResponse = z.infer<typeof GenerateResponseSchema>;

export interface GenerateErrorResponse {
  status: "error";
  ui: null;
  meta: { generated_at: string };
  error: { code: string; message: string; retryable: boolean };
}
