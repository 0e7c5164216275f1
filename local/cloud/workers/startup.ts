/**
 * What can be seen of a Worker's start without starting it: code that is no JavaScript is refused as Cloudflare refuses it, and the
 * time to read the code stands for the start-up time. A workerd for each upload would tell more and cost half a second.
 */
import { transform } from "esbuild";
import { errors } from "../refusals";

interface Code {
  name: string;
  /** The host's name of its kind; only `esm` and `cjs` are read. */
  type: string;
  content: Buffer;
}

/** Esbuild's process, started once; its start is no Worker's. */
let ready: Promise<unknown> | undefined;

/** Milliseconds, at least 1. @throws ApiError 10021 where a module cannot be read as JavaScript */
export async function readCode(modules: readonly Code[]): Promise<number> {
  await (ready ??= transform(""));
  const started = performance.now();
  for (const { name, type, content } of modules) {
    if (type !== "esm" && type !== "cjs") continue;
    const text = content.toString("utf8");
    await transform(text, { loader: "js", target: "esnext", logLevel: "silent" }).catch((error: unknown) => {
      throw errors.invalidUpload(syntaxError(name, error));
    });
  }
  return Math.max(1, Math.round(performance.now() - started));
}

function syntaxError(name: string, error: unknown): string {
  const [first] =
    (error as { errors?: { text: string; location?: { line: number; column: number } | null }[] }).errors ?? [];
  if (!first) return `Uncaught SyntaxError: ${String(error)}`;
  const { text, location } = first;
  return `Uncaught SyntaxError: ${text}\n  at ${name}:${location?.line ?? 0}:${location?.column ?? 0}\n`;
}
