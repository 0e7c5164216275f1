import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./esbuild";
import { keep } from "./keep";
import { sha256, writeIfChanged } from "./write";

export interface GeneratorContext {
  /** First 12 hex digits of a hash over the bundle: what the generator calls itself in `/health`. */
  readonly buildId: string;
  /** The image's build context: Dockerfile (with the build id as a label) and server.js, nothing else. */
  readonly folder: string;
  /** First 16 hex digits of a hash over all of it. */
  readonly tag: string;
}

/** The label of the image that holds the build id. */
export const BUILD_ID_LABEL = "org.opencontainers.image.revision";

/** Stands in the bundle where the build id comes to stand, so that the id can be a hash of the bundle itself. */
const BUILD_ID_PLACE = "@build-id@";

/**
 * Bundles the generator into one CommonJS file and lays it beside its Dockerfile in `{folder}/generator`.
 * @param root the project's folder, with `runtime/` and `images/` in it.
 */
export function bundleGenerator(root: string, folder: string): GeneratorContext {
  const context = join(folder, "generator");
  const { server, buildId } = keep("generator", root, (uses) => {
    const { code, sources } = bundle(root, "runtime/container/index.ts", {
      format: "cjs",
      platform: "node",
      target: "node24",
      define: { __BUILD_ID__: JSON.stringify(BUILD_ID_PLACE) },
    });
    uses(sources);
    const id = sha256(code).slice(0, 12);
    return { buildId: id, server: Buffer.from(Buffer.from(code).toString().replaceAll(BUILD_ID_PLACE, id)) };
  });
  const dockerfile = readFileSync(join(root, "images", "generator", "Dockerfile"), "utf8").trimEnd();
  const files = {
    // Whoever is given the image can ask it which build it is, without running it.
    Dockerfile: Buffer.from(`${dockerfile}\n\nLABEL ${BUILD_ID_LABEL}="${buildId}"\n`),
    "server.js": server,
  };
  for (const [name, content] of Object.entries(files)) writeIfChanged(join(context, name), content);
  const parts = Object.entries(files).map(([name, content]) => `${name} ${sha256(content)}\n`);
  return { folder: context, buildId, tag: sha256(parts.join("")).slice(0, 16) };
}
