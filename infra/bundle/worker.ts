import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BuildOptions } from "esbuild";
import { bundle, bundleWithMap, SOURCE_MAP_NAME } from "./esbuild";
import { keep } from "./keep";
import { sha256, writeIfChanged } from "./write";

export interface WorkerBundle {
  /** The bundle, a file below `folder`. */
  readonly file: string;
  readonly sha256: string;
  /** First 12 hex digits of the hash: what the Worker calls itself. */
  readonly buildId: string;
  /** Size of the code, and what of it counts against Cloudflare's limit of 10 MB, in bytes. */
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Leads a stack trace back to the sources; beside the bundle, which names it. It has no say in the build id. */
  readonly sourceMap: { readonly file: string; readonly sha256: string };
}

/** The specifier by which the Worker imports the browser script as text. */
const CLIENT_SPECIFIER = "wandstore:client";
const CLIENT_FILE = "client.txt";

/**
 * Bundles the Worker, with the browser script inside it as text, into `{folder}/worker/index.js`, and its source map.
 * @param root the project's folder, with `runtime/` in it.
 */
export function bundleWorker(root: string, folder: string): WorkerBundle {
  const { client, code, map, ...about } = keep("worker", root, (uses) => build(root, folder, uses));
  const [file, mapFile] = [join(folder, "worker", "index.js"), join(folder, "worker", SOURCE_MAP_NAME)];
  writeIfChanged(join(folder, "worker", CLIENT_FILE), client);
  writeIfChanged(mapFile, map);
  writeIfChanged(file, code);
  return { file, ...about, sourceMap: { file: mapFile, sha256: about.sourceMap.sha256 } };
}

/** What is alike in every folder. `folder` takes the browser script: esbuild reads files alone. */
function build(root: string, folder: string, uses: (sources: readonly string[]) => void) {
  const clientFile = join(folder, "worker", CLIENT_FILE);
  const browser = { format: "iife", platform: "browser", target: "es2022" } as const;
  const { code: client, sources: clientSources } = bundle(root, "runtime/client/index.ts", browser);
  writeIfChanged(clientFile, client);

  const options: BuildOptions = {
    format: "esm",
    platform: "neutral",
    target: "es2024",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    alias: { [CLIENT_SPECIFIER]: clientFile },
    loader: { ".txt": "text" },
    keepNames: true, // a Durable Object class is found by its name
  };
  const { code, map, sources } = bundleWithMap(root, "runtime/worker/index.ts", options, (source) =>
    basename(source) === CLIENT_FILE ? CLIENT_SPECIFIER : source,
  );
  uses([...clientSources, ...sources.filter((source) => basename(source) !== CLIENT_FILE)]);
  const hash = sha256(code);
  return {
    client,
    code,
    map,
    sha256: hash,
    buildId: hash.slice(0, 12),
    bytes: code.length,
    gzipBytes: gzipSync(code).length,
    sourceMap: { sha256: sha256(map) },
  };
}

/** A bundle's size as a person reads it: `Worker 571 KiB (167 KiB gzip)`. */
export function describeBundle({ bytes, gzipBytes }: Pick<WorkerBundle, "bytes" | "gzipBytes">): string {
  return `Worker ${kib(bytes)} (${kib(gzipBytes)} gzip)`;
}

const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`;
