import type { Persona } from "../../contract/persona";
import { ageOf, lifetimeOf } from "../cache/lifetime";
import { variantOf, type Variant } from "../cache/variant";
import type { Env } from "../env";
import type { Log } from "../log";
import { canonicalUrl } from "../pages/render";
import type { TriggerRequest } from "../pool/api";
import { requestPage, type Accepted } from "../pool/requestPage";
import { settingsOf } from "../settings";
import { loadStore } from "../stores/record";
import type { Session, ShopperName } from "./api";

/** The page a shopper should have now. */
export interface Wanted {
  variant: Variant;
  persona: Persona;
  /** They have it, and it is as new as pages have to be. */
  fresh: boolean;
}

/** Works out which page a shopper should have. Throws UNKNOWN_STORE when the store is gone. */
export async function wantedPage(env: Env, { store: slug, shopper }: ShopperName, session: Session): Promise<Wanted> {
  const settings = settingsOf(env);
  const store = await loadStore(env, slug);
  const variant = variantOf(store, shopper, session.persona, settings);
  const { page, persona } = session;
  const fresh =
    page?.persona_hash === variant.personaHash &&
    ageOf(page.generated_at, lifetimeOf("model", store, settings), Date.now()) === "fresh";
  return { variant, persona, fresh };
}

/** Puts a shopper's page in line from their own object, which wanted it at a time (`at`); undefined when the lines are full. */
export async function askFor(
  { variant, persona }: Wanted,
  { shopper, origin, reason, at }: { shopper: string; origin: string; reason: TriggerRequest["reason"]; at: number },
  context: { env: Env; log: Log; waitUntil: (work: Promise<unknown>) => void },
): Promise<Accepted | undefined> {
  const request = {
    shopper,
    persona,
    reason,
    canonical_url: canonicalUrl(origin, variant.store),
    request_id: crypto.randomUUID(),
    asked_at: at,
  };
  return requestPage(variant, request, context);
}
