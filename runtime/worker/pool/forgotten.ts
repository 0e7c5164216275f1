import type { TriggerRequest } from "./job";

/** What was asked for before has come by then, or never comes: a Worker asks a member for ten seconds. */
const REMEMBERED_MS = 60_000;

/**
 * Who was forgotten a moment ago. A visit's job is put in line behind its answer, so it may come after the shopper was erased: it
 * would make them a page, with all that goes with it. In memory alone, since it is itself something that is known of them.
 * Times in milliseconds since 1970.
 */
export class Forgotten {
  /** By store, and by subject in it; the empty subject is all of the store's. */
  readonly #at = new Map<string, number>();

  note(store: string, subject: string | undefined, now: number): void {
    for (const [key, at] of this.#at) if (at + REMEMBERED_MS <= now) this.#at.delete(key);
    this.#at.set(keyOf(store, subject ?? ""), now);
  }

  /** The request as it may still be granted: as it is, a cohort's without who asked for it, or undefined for not at all. */
  granted(request: TriggerRequest): TriggerRequest | undefined {
    const { store, subject, shopper, asked_at: askedAt } = request;
    const isGone = (whose: string): boolean => (this.#at.get(keyOf(store, whose)) ?? -1) >= askedAt;
    if (isGone("") || isGone(subject)) return undefined;
    return shopper !== null && isGone(shopper) ? { ...request, shopper: null } : request;
  }
}

const keyOf = (store: string, subject: string): string => `${store}:${subject}`;
