import { z } from "zod";
import { namespacePath, orNothing } from "../../cloudflare";
import { keyOf, readRecord, releaseIdOf, releaseKeys, ReleaseRecord, releaseValues } from "../../release";
import { type Context, defineResource } from "../resource";

const { stack, worker, generator, schemaLevel, migrationTag, bookmark, rollbackOf } = ReleaseRecord.shape;
const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the stack is in."),
  namespaceId: z.string().min(1).describe("KV namespace that keeps the records."),
  stack,
  worker,
  generator,
  schemaLevel,
  migrationTag,
  bookmark,
  rollbackOf,
});
const Outputs = z.object({
  releaseId: z.string().describe("Names the record; sorts by time."),
  at: z.string().describe("When the record was written, ISO 8601."),
});
export type ReleaseInputs = z.infer<typeof Inputs>;
export type ReleaseOutputs = z.infer<typeof Outputs>;

/** Records that are kept; older ones go. */
const KEPT = 20;

/**
 * The record of a release: what ran where, so that a rollback can bring it back. Every change writes a new one, and the newest
 * 20 stay; deleting the resource removes none. KV is eventually consistent: for up to a minute a list may lack the newest.
 */
export const release = defineResource<ReleaseInputs, ReleaseOutputs>({
  description: "The record of a release, kept in KV for a rollback.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "namespaceId", "stack"],
  // It changes with the schema, and then the schema says so.
  silent: ["bookmark"],

  async create(context, inputs) {
    return { id: inputs.stack, outputs: await write(context, inputs) };
  },
  async update(context, _id, _olds, news) {
    return write(context, news);
  },
  async read({ raw }, _id, state) {
    const key = keyOf(state.releaseId);
    const values = await orNothing(releaseValues(raw, state.accountId, state.namespaceId, [key]));
    const read = readRecord(values?.[key] ?? undefined);
    if (!("record" in read)) return undefined; // one that cannot be read is no use: it is written anew
    const { version: _version, ...record } = read.record;
    return { accountId: state.accountId, namespaceId: state.namespaceId, ...record, releaseId: state.releaseId };
  },
});

async function write(context: Context, inputs: ReleaseInputs): Promise<ReleaseOutputs> {
  const at = new Date(context.now());
  const releaseId = releaseIdOf(at, inputs.worker.versionId);
  const record = ReleaseRecord.parse({ ...inputs, version: 1, releaseId, at: at.toISOString() });
  const pairs = [{ key: keyOf(releaseId), value: JSON.stringify(record) }];
  await change(context, inputs, "PUT", "bulk", pairs);
  // The release is recorded: old records that stay are no reason to fail, and the next release removes them.
  await prune(context, inputs, keyOf(releaseId)).catch(() => undefined);
  return { releaseId, at: record.at };
}

/** Removes all but the newest records. */
async function prune(context: Context, inputs: ReleaseInputs, newest: string): Promise<void> {
  const { raw } = context;
  const keys = new Set(await releaseKeys(raw, inputs.accountId, inputs.namespaceId));
  const old = [...keys.add(newest)].toSorted().slice(0, -KEPT);
  if (old.length > 0) await change(context, inputs, "POST", "bulk/delete", old);
}

/** Writing the same value or deleting a key twice is doing it once, so a lost answer is tried again. */
async function change(
  { api }: Context,
  { accountId, namespaceId }: ReleaseInputs,
  method: "PUT" | "POST",
  route: string,
  body: unknown,
): Promise<void> {
  const path = `${namespacePath(accountId, namespaceId)}/${route}`;
  const { unsuccessful_keys: failed = [] } =
    (await api<{ unsuccessful_keys?: string[] } | null>(method, path, body, { idempotent: true })) ?? {};
  if (failed.length > 0) throw new Error(`KV did not take ${failed.join(", ")} (${method} ${route}). Deploy again.`);
}
