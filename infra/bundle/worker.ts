import { join } from "node:path";
import { bundle } from "./esbuild";
import { sha256, writeIfChanged } from "./write";

export interface WorkerBundle {
  /** The bundle, a file below `folder`. */
  readonly file: string;
  readonly sha256: string;
  /** First 12 hex digits of the hash: what the Worker calls itself. */
  readonly buildId: string;
}

/** The specifier by which the Worker imports the browser script as text. */
const CLIENT_SPECIFIER = "wandstore:client";

/**
 * Bundles the Worker, with the browser script inside it as text, into `{folder}/worker/index.js`.
 * @param root the project's folder, with `runtime/` in it.
 */
export function bundleWorker(root: string, folder: string): WorkerBundle {
  const client = join(folder, "worker", "client.txt");
  writeIfChanged(
    client,
    bundle(root, "runtime/client/index.ts", { format: "iife", platform: "browser", target: "es2022" }),
  );

  const content = bundle(root, "runtime/worker/index.ts", {
    format: "esm",
    platform: "neutral",
    target: "es2024",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    alias: { [CLIENT_SPECIFIER]: client },
    loader: { ".txt": "text" },
    keepNames: true, // a Durable Object class is found by its name
  });
  const file = join(folder, "worker", "index.js");
  writeIfChanged(file, content);
  const hash = sha256(content);
  return { file, sha256: hash, buildId: hash.slice(0, 12) };
}
