import { COHORT } from "../../contract/store";
import { cohortGeneratedKey, generatedKey, uiKey } from "../../contract/keys";
import type { Persona } from "../../contract/persona";
import { cohortPersona } from "../../lib/persona/cohort";
import { personaHash } from "../../lib/persona/hash";
import { promptVersion, type Settings } from "../settings";
import type { Store } from "../stores/record";

/** One page that can exist: a shop's, for a subject, for a persona with today's catalogue. */
export interface Variant {
  store: string;
  /** Whose page it is: a shopper's id, or `cohort`. */
  subject: string;
  personaHash: string;
}

/** What a page may know of the shopper it is made for: all there is to know, or what their cohort has in common. */
export function pagePersona(store: Store, persona: Persona, settings: Settings): Persona {
  return settings.PERSONALISATION_SCOPE === "cohort" ? cohortPersona(persona, store.catalogue.products) : persona;
}

/** The page a shopper with this persona should have now. */
export function variantOf(store: Store, shopper: string, persona: Persona, settings: Settings): Variant {
  return {
    store: store.slug,
    subject: settings.PERSONALISATION_SCOPE === "cohort" ? COHORT : shopper,
    personaHash: hashOf(store, persona, settings),
  };
}

/** Hashes of a remembered session's persona, by all else that they depend on. */
const hashes = new WeakMap<Persona, Map<string, string>>();

function hashOf(store: Store, persona: Persona, settings: Settings): string {
  const key = [settings.PERSONALISATION_SCOPE, promptVersion(settings), store.slug, store.catalogue.version].join("|");
  let ofPersona = hashes.get(persona);
  if (ofPersona === undefined) hashes.set(persona, (ofPersona = new Map()));
  const before = ofPersona.get(key);
  if (before !== undefined) return before;
  const hash = personaHash({
    persona: pagePersona(store, persona, settings),
    catalogueVersion: store.catalogue.version,
    promptVersion: promptVersion(settings),
  });
  if (ofPersona.size > 100) ofPersona.clear(); // the persona of newcomers is one object for all stores
  ofPersona.set(key, hash);
  return hash;
}

export const kvKeyOf = (variant: Variant): string => uiKey(variant.store, variant.subject, variant.personaHash);

export const r2KeyOf = (variant: Variant): string =>
  variant.subject === COHORT
    ? cohortGeneratedKey(variant.store, variant.personaHash)
    : generatedKey(variant.store, variant.subject);
