import { cohortGeneratedKey, generatedKey, uiKey } from "../../contract/keys";
import type { Persona } from "../../contract/persona";
import { personaHash } from "../../lib/persona/hash";
import { promptVersion, type Settings } from "../settings";
import type { Store } from "../stores/record";

/** Whose page it is: a shopper's id, or the one word that stands for all of a cohort. */
export const COHORT = "cohort";

/** One page that can exist: a shop's, for a subject, for a persona with today's catalogue. */
export interface Variant {
  store: string;
  subject: string;
  personaHash: string;
}

/** The page a shopper with this persona should have now. */
export function variantOf(store: Store, shopper: string, persona: Persona, settings: Settings): Variant {
  return {
    store: store.slug,
    subject: settings.PERSONALISATION_SCOPE === "cohort" ? COHORT : shopper,
    personaHash: personaHash({
      persona,
      catalogueVersion: store.catalogue.version,
      promptVersion: promptVersion(settings),
    }),
  };
}

export const kvKeyOf = (variant: Variant): string => uiKey(variant.store, variant.subject, variant.personaHash);

export const r2KeyOf = (variant: Variant): string =>
  variant.subject === COHORT
    ? cohortGeneratedKey(variant.store, variant.personaHash)
    : generatedKey(variant.store, variant.subject);
