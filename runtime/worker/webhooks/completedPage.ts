import * as z from "zod";
import { WandError } from "../../contract/errors";
import { GenerateResponseSchema, type GenerateResponse } from "../../contract/generate";
import type { Section } from "../../contract/layout";
import { PERSONA_HASH_PATTERN, PERSONA_TYPES, type PersonaType } from "../../contract/persona";
import { isShopperId, STORE_SLUG_PATTERN } from "../../contract/store";
import type { Store } from "../stores/record";

/** Clocks differ a little; a page from further in the future would keep out every true one. */
const LARGEST_LEAD_MS = 60_000;
/** A generator tells of a page when it is made; one that is told of later may be from before its shopper's erasure. */
const LARGEST_AGE_MS = 300_000;

const Named = z.object({
  store: z.string().regex(STORE_SLUG_PATTERN),
  shopper: z.string().refine(isShopperId, "no id of a shopper"),
  persona_hash: z.string().regex(PERSONA_HASH_PATTERN).optional(),
});

/** A page that was made elsewhere, and for whom. */
export interface CompletedPage {
  store: string;
  shopper: string;
  personaHash: string;
  personaType: PersonaType;
  response: GenerateResponse;
}

/**
 * Reads `{store, shopper, persona_hash?, …GenerateResponse}`. Throws BAD_REQUEST naming the field that is wrong: a page has
 * to pass what our own generator's pass, and be a layout, which we draw ourselves: nobody else's markup is shown.
 */
export function readCompletedPage(text: string, now: number): CompletedPage {
  const body = parseJson(text);
  const named = Named.safeParse(body);
  if (!named.success) throw refusal(named.error);
  const parsed = GenerateResponseSchema.safeParse(body);
  if (!parsed.success) throw refusal(parsed.error);
  const { store, shopper, persona_hash: given } = named.data;
  const { ui, meta } = parsed.data;
  if (ui.format !== "layout") refuse("ui.format", 'only "layout" is taken: what others wrote is drawn here');
  if (ui.components.length === 0) refuse("ui.components", "a page has a section");
  const age = now - Date.parse(meta.generated_at);
  if (age < -LARGEST_LEAD_MS) refuse("meta.generated_at", "it is in the future");
  if (age > LARGEST_AGE_MS) refuse("meta.generated_at", "it is more than five minutes ago");
  const personaHash = given ?? ui.persona_hash;
  const personaType = PERSONA_TYPES.find((type) => type === personaHash.split("_")[1]);
  if (!PERSONA_HASH_PATTERN.test(personaHash) || personaType === undefined)
    refuse("persona_hash", "it is none of ours");
  else return { store, shopper, personaHash, personaType, response: parsed.data };
}

/** Throws BAD_REQUEST when a section names a product that the catalogue does not have. */
export function checkProducts(sections: readonly Section[], { catalogue }: Pick<Store, "catalogue">): void {
  const known = new Set(catalogue.products.map(({ id }) => id));
  sections.forEach(({ config }, index) => {
    const listed = "product_ids" in config ? config.product_ids : [];
    const single = "product_id" in config && config.product_id !== undefined ? [config.product_id] : [];
    const strange = [...listed, ...single].find((id) => !known.has(id));
    if (strange !== undefined) {
      refuse(`ui.components.${index}.config`, `the catalogue has no product ${JSON.stringify(strange.slice(0, 60))}`);
    }
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WandError("BAD_REQUEST", "The body is no JSON.", { cause, field: "body" });
  }
}

function refusal(error: z.ZodError): WandError {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join(".") || "body";
  return new WandError("BAD_REQUEST", `${field}: ${issue?.message ?? "not allowed"}.`, { field });
}

function refuse(field: string, why: string): never {
  throw new WandError("BAD_REQUEST", `${field}: ${why}.`, { field });
}
