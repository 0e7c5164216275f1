import { bucketPath, isNotFound } from "../../cloudflare";
import type { Context } from "../context";
import { exists, pagesOf } from "./pages";
import { patiently } from "./patience";
import type { ListedObject } from "./r2";

/** Something may still be writing, and a list may lag behind: go through the bucket again, this often at the most. */
const ROUNDS = 10;
const BETWEEN_ROUNDS_MS = 1_000;

/**
 * Removes every object, a page of keys a request. A bucket that is gone is empty.
 * @throws Error when objects keep appearing.
 */
export async function emptyBucket(context: Context, accountId: string, bucketName: string): Promise<void> {
  const path = bucketPath(accountId, bucketName);
  if (!(await exists(context, path))) return;
  for (let round = 1; round <= ROUNDS; round++) {
    const removed = await removeListed(context, `${path}/objects`);
    if (removed === 0) return;
    await context.sleep(BETWEEN_ROUNDS_MS);
  }
  throw new Error(
    `The bucket ${bucketName} still has objects after it was emptied ${ROUNDS} times: something is writing to it. ` +
      "Stop that and try again.",
  );
}

async function removeListed(context: Context, path: string): Promise<number> {
  let removed = 0;
  try {
    for await (const page of pagesOf<ListedObject>(context, { path, size: "per_page" })) {
      if (page.length === 0) continue;
      const keys = page.map(({ key }) => key);
      await patiently(context, () => context.api("DELETE", path, keys));
      removed += keys.length;
    }
  } catch (error) {
    if (!isNotFound(error)) throw error; // somebody else deleted the bucket
  }
  return removed;
}
