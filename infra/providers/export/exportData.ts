import { existsSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Context } from "../context";
import { exportD1 } from "./d1";
import { writeNew } from "./files";
import { exportKv } from "./kv";
import { exportR2 } from "./r2";
import type { DataSource } from "./source";

/** Data of shoppers: for nobody's eyes but the one's who exports it. */
const ONLY_OWNER = 0o700;

/**
 * Writes all that the sources hold into `{root}/{folder}/{UTC stamp}`: `kv/{BINDING}.jsonl`, `d1.sql`, `r2/` and a
 * `manifest.json` with counts and SHA-256 of each file. Until it is complete, the folder's name ends in `.partial`.
 * @returns the folder, relative to the root; undefined where nothing was left to export.
 * @throws Error when anything could not be exported: the partial folder is gone then, and the next try begins anew.
 */
export async function exportData(context: Context, source: DataSource, folder: string): Promise<string | undefined> {
  const stamp = new Date(context.now()).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const parent = resolve(context.root, folder);
  const name = await claim(parent, stamp);
  const partial = join(parent, `${name}.partial`);
  try {
    const found = await exportInto(context, source, partial);
    if (!found) return undefined;
    await rename(partial, join(parent, name));
    return `${folder.replaceAll("\\", "/").replace(/\/$/, "")}/${name}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Nothing was deleted, because the export to ${folder} failed: ${reason}. Try again; the data is all there.`,
      { cause: error },
    );
  } finally {
    await rm(partial, { recursive: true, force: true }); // of a failure; a complete one has another name by now
  }
}

/** Makes `{stamp}.partial`, or `{stamp}-2.partial` where another export began in the same second. Answers with the name. */
async function claim(parent: string, stamp: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: ONLY_OWNER });
  for (let count = 1; ; count++) {
    const name = count === 1 ? stamp : `${stamp}-${count}`;
    const partial = join(parent, `${name}.partial`);
    try {
      await mkdir(partial, { mode: ONLY_OWNER });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    if (!existsSync(join(parent, name))) return name;
    await rmdir(partial);
  }
}

/** Whether there was anything to export. */
async function exportInto(context: Context, source: DataSource, folder: string): Promise<boolean> {
  const { accountId, kvNamespaces, databaseId, bucketName } = source;
  await mkdir(join(folder, "kv"), { mode: ONLY_OWNER });
  const kv = [];
  for (const entry of Object.entries(kvNamespaces)) {
    kv.push([entry[0], await exportKv(context, accountId, entry, folder)] as const);
  }
  const d1 = databaseId === undefined ? undefined : await exportD1(context, accountId, databaseId, folder);
  const r2 = bucketName === undefined ? undefined : await exportR2(context, accountId, bucketName, folder);
  const kept = kv.filter(([, written]) => written !== undefined);
  if (kept.length === 0 && !d1 && !r2) return false;

  const manifest = {
    format: 1,
    exportedAt: new Date(context.now()).toISOString(),
    accountId,
    kv: Object.fromEntries(kept),
    d1,
    r2,
    /** What was asked for and had been deleted before. */
    gone: [
      ...kv.filter(([, written]) => !written).map(([binding]) => `kv ${binding} ${kvNamespaces[binding]}`),
      ...(databaseId !== undefined && !d1 ? [`d1 ${databaseId}`] : []),
      ...(bucketName !== undefined && !r2 ? [`r2 ${bucketName}`] : []),
    ],
  };
  await writeNew(join(folder, "manifest.json"), once(`${JSON.stringify(manifest, null, 2)}\n`));
  return true;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
