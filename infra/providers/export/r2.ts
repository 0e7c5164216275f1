import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bucketPath, objectPath, orNothing } from "../../cloudflare";
import type { Context } from "../context";
import { jsonLines, writeNew, type Written } from "./files";
import { limited } from "./limited";
import { exists, pagesOf } from "./pages";
import { patiently } from "./patience";

export interface R2Export {
  readonly bucketName: string;
  readonly objects: number;
  /** Of the objects together. */
  readonly bytes: number;
  /** One line for each object: its key, its file and the file's SHA-256. */
  readonly index: Written & { readonly file: string };
}

/** What of a listed object is read. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly last_modified?: string;
  readonly http_metadata?: object;
  readonly custom_metadata?: object;
}

/** What the index says of an object; `size` is in bytes. */
type IndexLine = Record<string, unknown> & { readonly size: number };

const AT_ONCE = 8;
/** R2's API gives objects of up to 300 MB: ten minutes is 4 Mbit/s. */
const OBJECT_DEADLINE_MS = 10 * 60_000;
/** Most of a file's name that comes from its key: file systems take 255 bytes. */
const NAME_LENGTH = 80;

/** Writes each object of a bucket into a file of `r2/` and lists them in `r2/index.jsonl`; undefined where the bucket is gone. */
export async function exportR2(
  context: Context,
  accountId: string,
  bucketName: string,
  folder: string,
): Promise<R2Export | undefined> {
  const path = bucketPath(accountId, bucketName);
  if (!(await exists(context, path))) return undefined;
  await mkdir(join(folder, "r2"), { mode: 0o700 });
  let objects = 0;
  let bytes = 0;
  const lines = async function* (): AsyncGenerator<object> {
    for await (const page of pagesOf<ListedObject>(context, { path: `${path}/objects`, size: "per_page" })) {
      const copies = await limited(page, AT_ONCE, (object) =>
        copy(context, (key) => objectPath(accountId, bucketName, key), object, folder),
      );
      for (const one of copies) {
        if (!one) continue;
        objects++;
        bytes += one.size;
        yield one;
      }
    }
  };
  const file = "r2/index.jsonl";
  const index = await writeNew(join(folder, file), jsonLines(lines()));
  return { bucketName, objects, bytes, index: { file, ...index } };
}

/** A line of the index, or undefined where the object has been removed since it was listed. */
async function copy(
  context: Context,
  pathOf: (key: string) => string,
  { key, size, etag, last_modified, http_metadata = {}, custom_metadata = {} }: ListedObject,
  folder: string,
): Promise<IndexLine | undefined> {
  const file = `r2/${fileNameOf(key)}`;
  const target = join(folder, file);
  const read = async (): Promise<IndexLine> => {
    await rm(target, { force: true }); // of a try that broke off
    const answer = await context.raw("GET", pathOf(key), undefined, {
      deadlineMs: OBJECT_DEADLINE_MS,
    });
    const { bytes, sha256 } = await writeNew(target, answer.body ?? nothing());
    const found = answer.headers.get("etag")?.replace(/^(W\/)?"|"$/g, "") ?? etag;
    if (found === etag && bytes !== size) {
      throw new Error(`the object ${key} has ${size} bytes in the bucket's list, and ${bytes} came; try again`);
    }
    return { key, file, size: bytes, sha256, etag: found, uploaded: last_modified, http_metadata, custom_metadata };
  };
  return orNothing(patiently(context, read));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A name that every file system takes and no two keys share, not even where case does not count. */
function fileNameOf(key: string): string {
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return `${hash}-${key.replaceAll(/[^\w.-]/g, "_").slice(-NAME_LENGTH)}`;
}
