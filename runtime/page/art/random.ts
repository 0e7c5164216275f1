/** A repeatable source of choices: the same seed gives the same drawing in every place and at every time. */
export interface Dice {
  /** 0 ≤ n < 1 */
  next(): number;
  /** Whole number, both ends included. */
  int(low: number, high: number): number;
  /** One of a list that is not empty. */
  pick<T>(choices: readonly T[]): T;
}

/** FNV-1a, 32 bit; https://datatracker.ietf.org/doc/html/draft-eastlake-fnv. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** mulberry32, seeded by a text. */
export function dice(seed: string): Dice {
  let state = hash32(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(choices: readonly T[]) => choices[Math.floor(next() * choices.length)] as T,
  };
}
