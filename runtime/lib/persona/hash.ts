import type { Persona, Signals } from "../../contract/persona";
import { canonicalJson } from "../canonicalJson";
import { shortHash } from "../shortHash";
import { priceBand } from "./bands";

/** Version of the detection and of the buckets: another number makes every page anew. */
const PERSONA_VERSION = 2;

export interface PersonaHashInput {
  persona: Persona;
  /** Of the catalogue the page will show, so that a changed one makes a new page. */
  catalogueVersion: string;
  /** Of what makes the layout, so that a stack that gains a model makes its pages anew. */
  promptVersion: string;
}

/** Hashes of the texts last hashed: a shop's visitors differ in little, so there are few. */
const KNOWN_TEXTS = 1_000;
const known = new Map<string, string>();

/**
 * `v{version}_{type}_{confidence}_{hash}`: confidence in percent, a multiple of 5; hash the first 8 hex digits of SHA-256
 * over the canonical JSON of the bucketed signals and the two versions. It is part of the key of every page.
 */
export function personaHash({ persona, catalogueVersion, promptVersion }: PersonaHashInput): string {
  const confidence = Math.round(persona.confidence * 20) * 5;
  const text = canonicalJson({ signals: bucketSignals(persona.signals), catalogueVersion, promptVersion });
  const hash = known.get(text) ?? remember(text, shortHash(text, 8));
  return `v${PERSONA_VERSION}_${persona.type}_${confidence}_${hash}`;
}

function remember(text: string, hash: string): string {
  if (known.size >= KNOWN_TEXTS) known.clear();
  known.set(text, hash);
  return hash;
}

/** Signals reduced to what makes another page, so that keys stay few. */
function bucketSignals(signals: Signals): { [key: string]: string | number | string[] } {
  return {
    order_value: priceBand(signals.avg_order_value),
    categories: signals.category_preferences.slice(0, 2),
    price_sensitivity: signals.price_sensitivity,
    patterns: [...new Set(signals.browsing_patterns)].toSorted(),
  };
}
