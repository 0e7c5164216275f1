import { join } from "node:path";
import { CloudflareError, namespacePath, orNothing } from "../../cloudflare";
import type { Context } from "../context";
import { jsonLines, writeNew, type Written } from "./files";
import { exists, pagesOf } from "./pages";
import { patiently } from "./patience";

interface ListedKey {
  readonly name: string;
  /** Seconds since 1970. */
  readonly expiration?: number;
  readonly metadata?: unknown;
}

/** One line: an entry in the form that KV's bulk write (and `wrangler kv bulk put`, in a JSON array) takes. */
interface Entry {
  readonly key: string;
  /** Text, or base64 where `base64` says so. */
  readonly value: string;
  readonly base64?: true;
  readonly expiration?: number;
  readonly metadata?: unknown;
}

export interface KvExport extends Written {
  readonly namespaceId: string;
  readonly file: string;
  readonly entries: number;
}

/** The most that one bulk read takes. */
const BATCH = 100;
/** What text has in place of bytes that are none: such a value is read again as it is. */
const REPLACEMENT = "\u{FFFD}";

/** Writes a namespace into `kv/{binding}.jsonl` of a folder; undefined where the namespace is gone. */
export async function exportKv(
  context: Context,
  accountId: string,
  [binding, namespaceId]: readonly [string, string],
  folder: string,
): Promise<KvExport | undefined> {
  const path = namespacePath(accountId, namespaceId);
  if (!(await exists(context, path))) return undefined;
  const file = `kv/${binding}.jsonl`;
  let entries = 0;
  const counted = async function* (): AsyncGenerator<Entry> {
    for await (const entry of entriesOf(context, path)) {
      entries++;
      yield entry;
    }
  };
  const written = await writeNew(join(folder, file), jsonLines(counted()));
  return { namespaceId, file, entries, ...written };
}

async function* entriesOf(context: Context, path: string): AsyncGenerator<Entry> {
  for await (const page of pagesOf<ListedKey>(context, { path: `${path}/keys`, size: "limit" })) {
    for (let at = 0; at < page.length; at += BATCH) {
      const batch = page.slice(at, at + BATCH);
      const texts = await readBatch(context, path, batch);
      for (const listed of batch) {
        const text = texts?.get(listed.name);
        const isExact = typeof text === "string" && !text.includes(REPLACEMENT);
        const value = isExact ? { value: text } : await readOne(context, path, listed.name);
        if (value) yield { key: listed.name, ...value, ...rest(listed) };
      }
    }
  }
}

const rest = ({ expiration, metadata }: ListedKey): Pick<Entry, "expiration" | "metadata"> => ({
  ...(expiration === undefined ? {} : { expiration }),
  ...(metadata === undefined || metadata === null ? {} : { metadata }),
});

/** The values of a batch as text; undefined where Cloudflare does not read it as one (values that are no text, too large). */
async function readBatch(
  context: Context,
  path: string,
  batch: readonly ListedKey[],
): Promise<ReadonlyMap<string, unknown> | undefined> {
  const body = { keys: batch.map(({ name }) => name), type: "text" };
  try {
    const { values } = await patiently(context, () =>
      context.api<{ values: Record<string, unknown> }>("POST", `${path}/bulk/get`, body, { idempotent: true }),
    );
    return new Map(Object.entries(values));
  } catch (error) {
    if (error instanceof CloudflareError && [400, 413].includes(error.status)) return undefined;
    throw error;
  }
}

/** A value byte by byte; undefined where it has been removed, or has expired, since it was listed. */
async function readOne(
  context: Context,
  path: string,
  key: string,
): Promise<Pick<Entry, "value" | "base64"> | undefined> {
  const read = async (): Promise<Buffer> => {
    const answer = await context.raw("GET", `${path}/values/${encodeURIComponent(key)}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const bytes = await orNothing(patiently(context, read));
  if (!bytes) return undefined;
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? { value: text } : { value: bytes.toString("base64"), base64: true };
}
