import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { CatalogueError } from "./errors";
import { type Manifest, parseManifest, sourceOf, storefrontApi } from "./manifest";
import { assembleStore, checkSlug, type LoadedStore, makeStore } from "./store";
import { readStorefront } from "./storefrontApi";
import type { StorefrontOptions } from "./storefrontReader";

/** What reading a shop's catalogue over the network needs besides its manifest. */
export interface OnlineOptions extends StorefrontOptions {
  /** The shop's token for the Storefront API, where it has one. */
  readonly accessToken?: string | undefined;
}

/**
 * Loads the store in a folder (`stores/{slug}` with `store.yaml` and the catalogue it names); the folder's name is the
 * slug. Throws a CatalogueError with everything that is wrong. For Node alone: the Worker has no files.
 */
export function loadStore(dir: string): LoadedStore {
  const { slug, manifestFile, manifest } = readManifest(dir);
  const source = sourceOf(manifest);
  if ("file" in source) return loadFile(slug, manifest, join(dir, source.file));
  const message = "has its catalogue at Shopify, which cannot be read without waiting; use loadStoreAsync";
  throw new CatalogueError([{ file: manifestFile, line: null, column: "shopify", message }]);
}

/** As `loadStore`, and a store with its catalogue at Shopify is read from there, anew each time. */
export async function loadStoreAsync(dir: string, options: OnlineOptions = {}): Promise<LoadedStore> {
  const { slug, manifest } = readManifest(dir);
  const source = sourceOf(manifest);
  if ("file" in source) return loadFile(slug, manifest, join(dir, source.file));
  const endpoint = storefrontApi(source.shopify);
  const reading = await readStorefront({ endpoint, accessToken: options.accessToken }, endpoint, manifest, options);
  return assembleStore(slug, manifest, endpoint, reading);
}

function readManifest(dir: string): { slug: string; manifestFile: string; manifest: Manifest } {
  const slug = basename(resolve(dir));
  checkSlug(slug, dir);
  const manifestFile = join(dir, "store.yaml");
  const manifest = parseManifest(readText(manifestFile, "a store has a manifest of this name"), manifestFile);
  return { slug, manifestFile, manifest };
}

const loadFile = (slug: string, manifest: Manifest, file: string): LoadedStore =>
  makeStore(slug, manifest, { file, text: readText(file, "the manifest names this catalogue") });

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
