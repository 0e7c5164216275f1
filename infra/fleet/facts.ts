import { readFileSync } from "node:fs";
import path from "node:path";
import { CatalogueError } from "../../runtime/lib/catalogue";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { type Manifest, parseManifest, sourceOf } from "../../runtime/lib/catalogue/manifest";
import type { Shop } from "./list";

/** What a shop's files say of it. */
export interface ShopFacts {
  readonly name?: string;
  /** Undefined where its catalogue is at Shopify. */
  readonly products?: number;
  /** Version of the catalogue, as the stack's outputs have it; undefined where it is at Shopify. */
  readonly version?: string;
  /** Why its files cannot be read, on one line. */
  readonly problem?: string;
  /** Paths of all that a deployment reads of it. */
  readonly files: readonly string[];
}

/** Reads a shop's files, and nothing else: no network. */
export function readFacts({ file, folder, manifest: manifestFile }: Shop): ShopFacts {
  const files = [file, manifestFile];
  let manifest: Manifest;
  try {
    manifest = parseManifest(readFileSync(manifestFile, "utf8"), manifestFile);
  } catch (error) {
    return { files, problem: problemOf(error) };
  }
  const { name } = manifest;
  const source = sourceOf(manifest);
  if (!("file" in source)) return { files, name };
  files.push(path.join(folder, source.file));
  try {
    const { catalogue } = loadStore(folder).record;
    return { files, name, products: catalogue.products.length, version: catalogue.version };
  } catch (error) {
    return { files, name, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  if (error instanceof CatalogueError) {
    const [first] = error.problems;
    return `${first?.file}${first?.line === null ? "" : `:${first?.line}`}: ${first?.message}`;
  }
  return (error as Error).message;
}
