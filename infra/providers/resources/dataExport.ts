import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { emptyBucket } from "../export/emptyBucket";
import { exportData } from "../export/exportData";
import type { DataSource } from "../export/source";
import { type Context, defineResource } from "../resource";

const staysInside = (folder: string): boolean => !isAbsolute(folder) && !normalize(folder).startsWith("..");

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the data is in."),
  kvNamespaces: z
    .record(z.string().regex(/^\w+$/), z.string())
    .describe("Ids of the KV namespaces, by binding: a file is named after each."),
  databaseId: z.string().describe("The D1 database."),
  bucketName: z.string().describe("The R2 bucket. It is emptied, because R2 does not delete it otherwise."),
  folder: z
    .string()
    .min(1)
    .refine(staysInside, "expected a folder inside the project, such as exports/prod")
    .describe("Where exports go, relative to the project: a folder for each."),
  enabled: z.boolean().describe("Whether data is exported before it is deleted. The bucket is emptied either way."),
});
const Outputs = z.object({
  exportedTo: z.string().optional().describe("Folder of the last export that an update made, relative to the project."),
});
export type DataExportInputs = z.infer<typeof Inputs>;
export type DataExportOutputs = z.infer<typeof Outputs>;

/**
 * What stands between a shop's data and its deletion: it depends on the KV namespaces, the database and the bucket, so it is
 * deleted before them, and updated before the old one of a replaced pair goes. Then it writes to files what is about to go,
 * and empties the bucket, which R2 would not delete otherwise. An export that fails stops the deletion.
 */
export const dataExport = defineResource<DataExportInputs, DataExportOutputs>({
  description: "Exports a shop's KV, D1 and R2 data to files before it is deleted, and empties its bucket.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId"],

  async create(_context, inputs) {
    return { id: `${inputs.accountId}/${inputs.bucketName}`, outputs: {} };
  },
  async update(context, _id, olds, news) {
    const exportedTo = (await release(context, olds, goingIn(olds, news))) ?? olds.exportedTo;
    return exportedTo === undefined ? {} : { exportedTo };
  },
  async read(_context, _id, state) {
    return state; // nothing of it is anywhere but in the state
  },
  async delete(context, _id, state) {
    await release(context, state, state);
  },
});

/** Lets go of data: exported where that is wanted, then removed where Cloudflare needs it removed. */
async function release(
  context: Context,
  { enabled, folder }: DataExportInputs,
  going: DataSource,
): Promise<string | undefined> {
  const exportedTo = enabled ? await exportData(context, going, folder) : undefined;
  if (going.bucketName !== undefined) await emptyBucket(context, going.accountId, going.bucketName);
  return exportedTo;
}

/** What another one has taken the place of. */
function goingIn(olds: DataExportInputs, news: DataExportInputs): DataSource {
  const kept = new Set(Object.values(news.kvNamespaces));
  return {
    accountId: olds.accountId,
    kvNamespaces: Object.fromEntries(Object.entries(olds.kvNamespaces).filter(([, id]) => !kept.has(id))),
    ...(olds.databaseId === news.databaseId ? {} : { databaseId: olds.databaseId }),
    ...(olds.bucketName === news.bucketName ? {} : { bucketName: olds.bucketName }),
  };
}
