/** Upper bounds of the bands that order values fall into, in the shop's currency: each about twice the one before. */
const BANDS = [0, 10, 25, 50, 100, 250, 500, 1000, 2500] as const;

/** Number of the band an order value falls into; 0 means that there is no value yet. */
export function priceBand(value: number): number {
  const band = BANDS.findIndex((upper) => value <= upper);
  return band === -1 ? BANDS.length : band;
}

/** The value that stands for a band: its upper bound, for the last one a value above all bounds. */
export const bandValue = (band: number): number => BANDS[band] ?? 2 * BANDS[BANDS.length - 1]!;
