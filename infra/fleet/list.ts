import { readdirSync } from "node:fs";
import path from "node:path";
import { slugOf, stackOf } from "./slug";

/** A shop that is a stack of its own. */
export interface Shop {
  readonly slug: string;
  /** `shop-{slug}`. */
  readonly stack: string;
  /** Path of the stack's file. */
  readonly file: string;
  /** Path of its folder below `stores/`. */
  readonly folder: string;
  /** Path of its manifest, whether it is there or not. */
  readonly manifest: string;
}

const FILE = /^Pulumi\.(.+)\.yaml$/;

/** The shops of a project, by their stacks' files, in the order of their slugs. Files whose name no shop has are left out. */
export function listShops(projectDir: string): Shop[] {
  return readdirSync(projectDir)
    .flatMap((name) => slugOf(FILE.exec(name)?.[1] ?? "") ?? [])
    .toSorted()
    .map((slug) => shopAt(projectDir, slug));
}

/** Where a shop's files are, or would be. @param slug one that `checkSlug` lets pass */
export function shopAt(projectDir: string, slug: string): Shop {
  const stack = stackOf(slug);
  const folder = path.join(projectDir, "stores", slug);
  return {
    slug,
    stack,
    file: path.join(projectDir, `Pulumi.${stack}.yaml`),
    folder,
    manifest: path.join(folder, "store.yaml"),
  };
}
