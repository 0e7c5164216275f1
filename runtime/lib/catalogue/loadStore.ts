import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { CatalogueError } from "./errors";
import { parseManifest } from "./manifest";
import { checkSlug, type LoadedStore, makeStore } from "./store";

/**
 * Loads the store in a folder (`stores/{slug}` with `store.yaml` and the catalogue it names); the folder's name is the
 * slug. Throws a CatalogueError with everything that is wrong. For Node alone: the Worker has no files.
 */
export function loadStore(dir: string): LoadedStore {
  const slug = basename(resolve(dir));
  checkSlug(slug, dir);
  const manifestFile = join(dir, "store.yaml");
  const manifest = parseManifest(readText(manifestFile, "a store has a manifest of this name"), manifestFile);
  const file = join(dir, manifest.catalogue);
  return makeStore(slug, manifest, { file, text: readText(file, "the manifest names this catalogue") });
}

function readText(file: string, why: string): string {
  const refuse = (message: string, cause: unknown): never => {
    throw Object.assign(new CatalogueError([{ file, line: null, column: null, message }]), { cause });
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); ${why}`, error);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    return refuse("is not UTF-8 text; save it again as UTF-8", error);
  }
}
