import { lstatSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CHECKSUMS, readChecksums, sha256Of } from "./checksums";
import { FleetError } from "./errors";
import { LARGEST_EXPORT_BYTES } from "./exportFile";
import { readTextFile, type TextFile } from "./readFile";

/** What `wandstore shop export` writes beside the files, as `shop.json`; docs/guides/new-shop.md says the same. */
export const ExportDocument = z.strictObject({
  /** Of the folder, raised when it changes so that older programs cannot read it. */
  format: z.literal(1),
  slug: z.string(),
  exportedAt: z.iso.datetime(),
  /** The stack's file, relative to the folder. */
  stackFile: z.string(),
  /** Folder with the data, relative; left out where the shop was not deployed. */
  data: z.string().optional(),
});
export type ExportDocument = z.infer<typeof ExportDocument>;

export const DOCUMENT = "shop.json";
export const STACK_FILE = "stack.yaml";
export const STORE = "store";
/** Every name that a store's files have. */
export const STORE_FILES = ["store.yaml", "products.csv", "products.json"] as const;
/** Manifests and stack files are a page. */
const PAGE_BYTES = 256 * 1024;

export interface ExportFolder {
  /** The shop's files, by the names they have in its folder. */
  readonly store: ReadonlyMap<(typeof STORE_FILES)[number], TextFile>;
  readonly stackFile: TextFile;
}

/** Whether a path is a folder. */
export const isFolder = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Reads the files of a shop that was exported. Only names that are known are read, and each is held to its check sum.
 * @throws FleetError BAD_EXPORT
 */
export async function readExportFolder(folder: string): Promise<ExportFolder> {
  const read = (name: string, mostBytes = PAGE_BYTES): TextFile =>
    readTextFile(path.join(folder, name), { mostBytes, code: "BAD_EXPORT" });
  const refuse = (why: string): FleetError => new FleetError("BAD_EXPORT", `${folder} ${why}`);
  if (!exists(path.join(folder, DOCUMENT))) {
    throw refuse(`is a folder, and none that "wandstore shop export" wrote; name the file with the products`);
  }
  const document = ExportDocument.safeParse(parsed(read(DOCUMENT).text));
  if (!document.success) throw refuse(`has a ${DOCUMENT} that cannot be read: ${z.prettifyError(document.error)}`);
  const sums = readChecksums(read(CHECKSUMS).text);
  if (sums === undefined) throw refuse(`has a ${CHECKSUMS} that is no list of check sums`);
  const check = async (name: string): Promise<void> => {
    if (sums.get(name) === (await sha256Of(path.join(folder, name)))) return;
    throw refuse(
      `has a ${name} that is not as it was exported; export the shop again, or name the file with the products`,
    );
  };
  const store = new Map<(typeof STORE_FILES)[number], TextFile>();
  for (const name of STORE_FILES) {
    const inside = `${STORE}/${name}`;
    if (!exists(path.join(folder, inside))) continue;
    store.set(name, read(inside, LARGEST_EXPORT_BYTES)); // first: it refuses links
    await check(inside);
  }
  const stackFile = read(STACK_FILE);
  for (const name of [DOCUMENT, STACK_FILE]) await check(name);
  if (!store.has("store.yaml")) throw refuse(`has no ${STORE}/store.yaml`);
  return { store, stackFile };
}

const exists = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
