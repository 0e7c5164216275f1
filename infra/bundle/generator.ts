import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./esbuild";
import { sha256, writeIfChanged } from "./write";

export interface GeneratorContext {
  /** The image's build context: Dockerfile and server.js, nothing else. */
  readonly folder: string;
  /** First 16 hex digits of a hash over all of it. */
  readonly tag: string;
}

/**
 * Bundles the generator into one CommonJS file and lays it beside its Dockerfile in `{folder}/generator`.
 * @param root the project's folder, with `runtime/` and `images/` in it.
 */
export function bundleGenerator(root: string, folder: string): GeneratorContext {
  const context = join(folder, "generator");
  const files = {
    Dockerfile: readFileSync(join(root, "images", "generator", "Dockerfile")),
    "server.js": bundle(root, "runtime/container/index.ts", { format: "cjs", platform: "node", target: "node24" }),
  };
  for (const [name, content] of Object.entries(files)) writeIfChanged(join(context, name), content);
  const parts = Object.entries(files).map(([name, content]) => `${name} ${sha256(content)}\n`);
  return { folder: context, tag: sha256(parts.join("")).slice(0, 16) };
}
