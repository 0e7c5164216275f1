/** The name that somebody who wrote `word` most likely meant; undefined where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const reach = Math.max(1, Math.floor(word.length / 3)); // a third of the letters may be wrong
  const near = names
    .map((name) => ({ name, distance: edits(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach);
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.name;
}

/** Letters to put in, take out or change to get from `a` to `b` (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = row[column]! + (letter === other ? 0 : 1);
      next.push(Math.min(changed, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
