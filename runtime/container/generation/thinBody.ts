import * as z from "zod";
import type { ErrorBody } from "../../contract/errors";
import { GenerateProductSchema, type GenerateRequest, type GenerateResponse } from "../../contract/generate";
import { PersonaSchema, SignalsSchema, type PersonaType } from "../../contract/persona";
import { WebUrl } from "../../contract/product";
import { BrandSchema, SHOPPER_ID_PATTERN, STORE_SLUG_PATTERN, type Brand } from "../../contract/store";
import { detectPersona, NO_SIGNALS } from "../../lib/persona/detect";
import { parseBody } from "./parse";

/**
 * The older body `{jobId, storeSlug, shopperId, preferences}`. The generator has no catalogue of its own, so that the
 * products have to come along in `preferences`; all the rest of it may be left out.
 */
const ThinBodySchema = z.object({
  jobId: z.string().min(1).max(200),
  storeSlug: z.string().regex(STORE_SLUG_PATTERN),
  shopperId: z.string().regex(SHOPPER_ID_PATTERN),
  preferences: z.object({
    products: z
      .array(GenerateProductSchema, "has to be the products of the page; this server keeps none")
      .min(1)
      .max(200),
    persona: PersonaSchema.optional(),
    /** What the persona is detected from where it is not given. */
    signals: SignalsSchema.partial().optional(),
    brand: BrandSchema.optional(),
    shop_name: z.string().min(1).max(120).optional(),
    shop_url: WebUrl.optional(),
    locale: z.string().max(35).optional(),
  }),
});

/** For a caller who sends no brand: greys and the system's own font claim nothing. */
const NEUTRAL_BRAND: Brand = {
  primary_color: "#1f2937",
  secondary_color: "#4b5563",
  font_family: "system-ui, sans-serif",
  tone: "plain and friendly",
};

/** Its answer. */
export interface ThinResponse {
  success: true;
  html: string;
  persona: PersonaType;
  source: GenerateResponse["meta"]["source"];
}

/** Whether a body means to be the older one; the canonical body has none of these keys. */
export const isThinBody = (body: unknown): boolean =>
  typeof body === "object" &&
  body !== null &&
  ["jobId", "storeSlug", "shopperId"].some((key) => Object.hasOwn(body, key));

/** @throws {WandError} naming the field that is wrong. */
export function readThinBody(body: unknown): GenerateRequest {
  const { storeSlug, shopperId, preferences } = parseBody(ThinBodySchema, body);
  return {
    shopper_id: shopperId,
    persona: preferences.persona ?? detectPersona({ ...NO_SIGNALS, ...preferences.signals }),
    shop: {
      shop_id: storeSlug,
      name: preferences.shop_name,
      shop_url: preferences.shop_url,
      locale: preferences.locale,
      products: preferences.products,
      brand_guidelines: preferences.brand ?? NEUTRAL_BRAND,
    },
  };
}

export const toThinResponse = (request: GenerateRequest, response: GenerateResponse): ThinResponse => ({
  success: true,
  html: response.ui.html,
  persona: request.persona.type,
  source: response.meta.source,
});

export const toThinError = (error: ErrorBody["error"]): object => ({ success: false, error });
