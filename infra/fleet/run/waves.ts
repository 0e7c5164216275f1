/** So many of something, or such a part of all of them. */
export type Share = { readonly count: number } | { readonly percent: number };

/**
 * Reads `10%` or `10`.
 * @param least the smallest number that makes sense
 * @throws RangeError that says what was found and what is allowed
 */
export function parseShare(text: string, least: 0 | 1): Share {
  const [, digits, percent] = /^(\d{1,6}(?:\.\d{1,3})?)(%?)$/.exec(text.trim()) ?? [];
  const amount = Number(digits);
  if (percent === "%" && amount >= 0 && amount <= 100 && (least === 0 || amount > 0)) return { percent: amount };
  if (percent === "" && Number.isInteger(amount) && amount >= least) return { count: amount };
  throw new RangeError(
    `"${text}" is no share of the shops: write a part of all such as 10%, or a whole number from ${least}`,
  );
}

/** How many of `total` a share is. A part is rounded up, so that a wave is never empty. */
export function countOf(share: Share, total: number): number {
  if ("count" in share) return share.count;
  return Math.ceil(Math.round(total * share.percent * 1e6) / 1e8); // without the dust of binary fractions
}

/** The same, rounded down: of what is only tolerated, no more than was said. */
export function toleratedOf(share: Share, total: number): number {
  return "count" in share ? share.count : Math.floor(Math.round(total * share.percent * 1e6) / 1e8);
}

/** The shops in waves of one size, in their order; the last one has what is left. */
export function wavesOf<T>(shops: readonly T[], wave: Share): T[][] {
  const size = Math.max(1, countOf(wave, shops.length));
  const waves: T[][] = [];
  for (let from = 0; from < shops.length; from += size) waves.push(shops.slice(from, from + size));
  return waves;
}
