/**
 * Does the work for each item, at most `most` at once, and answers in the items' order. After a failure nothing new is
 * begun, and what runs is waited for before the failure is thrown.
 */
export async function limited<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let failed = false;
  const take = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, take));
  const end = ends.find((each) => each.status === "rejected");
  if (end) throw end.reason;
  return results;
}
