import type { TestCloud } from "../../../local/cloud/support";

/** Cases that a batch is enough for. */
const BATCH = 40;

/**
 * Gives out things that nobody has used, each once, and makes them in batches: the embedded cloud takes in what was made
 * since when it is next asked for data, which is most of what making one costs.
 */
export function reserve(make: (test: TestCloud, name: string) => Promise<string>) {
  const reserved = new WeakMap<TestCloud, string[]>();
  return async (test: TestCloud, name: string): Promise<string> => {
    const left = reserved.get(test) ?? [];
    reserved.set(test, left);
    if (left.length === 0) for (let nth = 0; nth < BATCH; nth++) left.push(await make(test, `${name}-${nth}`));
    return left.shift()!;
  };
}
