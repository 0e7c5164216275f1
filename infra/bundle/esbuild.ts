import { realpathSync } from "node:fs";
import { join } from "node:path";
import type * as Esbuild from "esbuild";
import type { BuildOptions } from "esbuild";

/** What was bundled, and of which files, relative to the root. */
export interface Bundled {
  readonly code: Uint8Array;
  readonly sources: readonly string[];
}

/** Name under which the bundle asks for its map (`//# sourceMappingURL=`). */
export const SOURCE_MAP_NAME = "index.js.map";

/**
 * Bundles one entry into one file, in memory. The same sources give the same bytes in any folder and on any machine:
 * paths are relative to `root`, comments and source maps are left out.
 *
 * @param entry the entry's path, relative to `root`.
 * @throws esbuild's BuildFailure, which names file and line.
 */
export function bundle(root: string, entry: string, options: BuildOptions): Bundled {
  return build(root, entry, options);
}

/**
 * As `bundle`, with a source map of its own. The code ends with the map's name, which never changes, so a map changes no
 * byte of the code. The map has the names and lines of the sources, not their text: that is all a stack trace needs.
 *
 * @param nameOf gives the name of a source, from its path relative to `root`.
 * @throws besides esbuild's, an Error for a source outside of `root` that is no package's.
 */
export function bundleWithMap(
  root: string,
  entry: string,
  options: BuildOptions,
  nameOf: (source: string) => string,
): Bundled & { map: Uint8Array } {
  const { code, map, sources } = build(root, entry, {
    ...options,
    sourcemap: "linked",
    sourcesContent: false,
    // Nothing is written: this place makes the map's sources relative to the project, wherever the files come to lie.
    outfile: join(realpathSync(root), "index.js"),
  });
  if (!map) throw new Error(`esbuild made no source map of ${entry}`);
  return { code, sources, map: Buffer.from(portable(Buffer.from(map).toString(), nameOf)) };
}

function build(root: string, entry: string, options: BuildOptions): Bundled & { map: Uint8Array | undefined } {
  const { buildSync } = require("esbuild") as typeof Esbuild; // most processes find all bundled, and need none of it
  const { outputFiles, metafile } = buildSync({
    entryPoints: [`./${entry}`],
    absWorkingDir: realpathSync(root),
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent", // the exception says it all
    tsconfigRaw: {}, // no setting of a folder above may change the bytes
    ...options,
  });
  const files = outputFiles ?? [];
  const code = files.find(({ path }) => !path.endsWith(".map"));
  if (!code) throw new Error(`esbuild made nothing of ${entry}`);
  const sources = Object.keys(metafile?.inputs ?? {});
  return { code: code.contents, sources, map: files.find((file) => file !== code)?.contents };
}

/** A map whose sources are named alike wherever the project and its packages lie. */
function portable(map: string, nameOf: (source: string) => string): string {
  const { version, sources, names, mappings } = JSON.parse(map) as Record<string, unknown> & { sources: string[] };
  const named = sources.map((source) => {
    // Packages may lie in a folder above, or behind a link.
    const name = nameOf(source.replace(/^.*?\/(?=node_modules\/)/, ""));
    if (name.startsWith("../"))
      throw new Error(`${name} is bundled but lies outside the project; move it into runtime/`);
    return name;
  });
  return `${JSON.stringify({ version, sources: named, names, mappings })}\n`;
}
