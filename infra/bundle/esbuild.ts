import { type BuildOptions, buildSync } from "esbuild";

/**
 * Bundles one entry into one file, in memory. The same sources give the same bytes in any folder and on any machine:
 * paths are relative to `root`, comments and source maps are left out.
 *
 * @param entry the entry's path, relative to `root`.
 * @throws esbuild's BuildFailure, which names file and line.
 */
export function bundle(root: string, entry: string, options: BuildOptions): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [`./${entry}`],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent", // the exception says it all
    tsconfigRaw: {}, // no setting of a folder above may change the bytes
    ...options,
  });
  const [file] = outputFiles ?? [];
  if (!file) throw new Error(`esbuild made nothing of ${entry}`);
  return file.contents;
}
