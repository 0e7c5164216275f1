/** By number first, then by letter, as wrangler sorts. */
export function byMigrationNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b, "en");
}
