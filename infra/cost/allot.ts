/**
 * Shares of a sum in whole cents that add up to the sum in cents: each share is rounded down, and the cents that are left go to those
 * that lost most. No share is a cent or more from what it was.
 * @param shares what each is, in dollars, none below 0
 * @param total what they come to. Given apart, because the shares add up to it but for the last digit, which decides whether half
 *   a cent is rounded up
 * @param owed which of two that lost the same comes first: whoever is owed more from before
 */
export function inCents(shares: readonly number[], total: number, owed: readonly number[] = []): number[] {
  const exact = shares.map((usd) => usd * 100);
  const down = exact.map(Math.floor);
  const left = Math.round(total * 100) - down.reduce((sum, cents) => sum + cents, 0);
  const byLoss = exact
    .map((cents, index) => ({ index, loss: cents - down[index]!, owed: owed[index] ?? 0 }))
    .toSorted((a, b) => b.loss - a.loss || b.owed - a.owed || a.index - b.index);
  const lucky = new Set(byLoss.slice(0, Math.max(0, left)).map(({ index }) => index));
  return down.map((cents, index) => cents + (lucky.has(index) ? 1 : 0));
}

/** The same for several sums, one after the other: who got less in one gets more in the next. */
export function columnsInCents(columns: readonly { shares: readonly number[]; total: number }[]): number[][] {
  let owed: number[] = [];
  return columns.map(({ shares, total }) => {
    const cents = inCents(shares, total, owed);
    owed = cents.map((one, index) => (owed[index] ?? 0) + shares[index]! * 100 - one);
    return cents;
  });
}
