import { namespaceIds } from "../../../infra/cloudflare";
import { namesOf } from "../../../infra/naming";
import { listReleases, previousRelease, type Releases, type ReleaseRecord } from "../../../infra/release";
import type { StackAccount } from "./account";

export type { ReleaseRecord } from "../../../infra/release";

/** The releases of a stack that can be told apart in a table. */
export interface History extends Releases {
  /** What was released last. */
  readonly current: ReleaseRecord | undefined;
  /** Where a rollback goes when nobody says so. */
  readonly previous: ReleaseRecord | undefined;
}

const NONE: History = { releases: [], unreadable: [], current: undefined, previous: undefined };

/** All releases that the account has of a stack, newest first; none for a stack that was never deployed. */
export async function readHistory(account: StackAccount, stack: string): Promise<History> {
  const namespace = (await namespaceIds(account.api, account.accountId)).get(namesOf(stack).kv.STORES);
  if (namespace === undefined) return NONE;
  const found = await listReleases(account.raw, account.accountId, namespace);
  return { ...found, current: found.releases[0], previous: previousRelease(found.releases) };
}
