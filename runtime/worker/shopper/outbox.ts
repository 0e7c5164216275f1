import type { ServerEvent } from "../../contract/websocket";

/** An event that a shopper was told of, or would have been. */
export interface Told {
  /** A time in milliseconds since 1970, later than that of every event before: it rises even after everything was erased. */
  seq: number;
  event: ServerEvent;
}

/** Events kept at most, and for how long. */
export const MOST_TOLD = 50;
export const TOLD_MS = 3_600_000;

const KEY = "told";

/** What of a Durable Object's storage this needs. */
interface Store {
  get<Value>(key: string): Value | undefined;
  put<Value>(key: string, value: Value): void;
  delete(key: string): boolean;
}

/**
 * Events of the pages since the last acknowledged one, so that a client that was away gets what it missed. Bounded by
 * number and age; the newest page that was not acknowledged is kept as long as nobody has.
 */
export class Outbox {
  readonly #store: Store;
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Remembers an event and gives it its number. */
  add(event: ServerEvent, now: number): Told {
    const kept = this.#read();
    const told: Told = { seq: Math.max(now, this.#last + 1, (kept.at(-1)?.seq ?? 0) + 1), event };
    this.#last = told.seq;
    const all = [...kept, told];
    const ready = newestReady(all);
    const isNew = (one: Told, index: number): boolean => index >= all.length - MOST_TOLD && one.seq > now - TOLD_MS;
    this.#store.put(
      KEY,
      all.filter((one, index) => one === ready || isNew(one, index)),
    );
    return told;
  }

  /**
   * What a client missed that heard everything up to `since`. One that never heard anything is told of the page that is ready,
   * and how far the one is that is being made.
   */
  missed(since: number | undefined, now: number): Told[] {
    const kept = this.#read();
    if (since !== undefined) return kept.filter(({ seq }) => seq > since);
    const ready = newestReady(kept);
    const last = kept.at(-1);
    const underway = last?.event.type === "generation_progress" && last.seq > now - TOLD_MS ? last : undefined;
    return [ready, underway].filter((told) => told !== undefined);
  }

  /** The newest event. */
  last(): ServerEvent | undefined {
    return this.#read().at(-1)?.event;
  }

  /** Forgets a page that is on the screen, and what came before it. A page nobody was told of changes nothing. */
  acknowledge(personaHash: string): void {
    const kept = this.#read();
    const page = kept.findLast(({ event }) => event.type === "ui_ready" && event.data.persona_hash === personaHash);
    if (page === undefined) return;
    const rest = kept.filter(({ seq }) => seq > page.seq);
    if (rest.length === 0) this.#store.delete(KEY);
    else this.#store.put(KEY, rest);
  }

  #read(): Told[] {
    return this.#store.get<Told[]>(KEY) ?? [];
  }
}

const newestReady = (told: readonly Told[]): Told | undefined =>
  told.findLast(({ event }) => event.type === "ui_ready");
