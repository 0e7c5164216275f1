/** Modules of a Worker version: what content types are known, what names are safe. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";
import { errors } from "../refusals";
import type { TrialSpec, WorkerModule } from "../host";
import type { BlobStore } from "../state/blobs";
import type { StoredModule } from "../state/model";

/** developers.cloudflare.com/workers/configuration/multipart-upload-metadata: content types of modules. */
const TYPES: Record<string, WorkerModule["type"]> = {
  "application/javascript+module": "esm",
  "text/javascript+module": "esm",
  "application/javascript": "cjs",
  "text/javascript": "cjs",
  "text/plain": "text",
  "application/octet-stream": "data",
  "application/wasm": "wasm",
  "application/json": "json",
};
/** Kept with the version, but not run. */
const SOURCE_MAP = "application/source-map";

/** A module as it was uploaded. */
export interface UploadedModule {
  name: string;
  content_type: string;
  content: Buffer;
}

/** A module in a body of JSON. */
export const ModuleInput = z
  .object({ name: z.string().min(1).max(512), content_type: z.string(), content_base64: z.base64() })
  .transform(({ content_base64, ...module }): UploadedModule => {
    return { ...module, content: Buffer.from(content_base64, "base64") };
  });

/** developers.cloudflare.com/workers/platform/limits: of all modules together, compressed. */
const MAX_GZIP_BYTES = 10 * 1024 * 1024;

/**
 * Checks and keeps the modules of an upload.
 * @param tryStart tells how long they take to start. @throws ApiError where they do not
 */
export async function keepModules(
  input: readonly UploadedModule[],
  mainModule: string,
  blobs: BlobStore,
  tryStart: (modules: TrialSpec["modules"]) => Promise<number>,
): Promise<{ modules: StoredModule[]; startupTimeMs: number }> {
  const names = new Set<string>();
  for (const { name, content_type } of input) {
    if (!isSafeName(name))
      throw errors.invalidUpload(`modules: the name ${JSON.stringify(name)} is not a relative path`);
    if (names.has(name)) throw errors.invalidUpload(`modules: the name '${name}' is used twice`);
    names.add(name);
    if (mimeType(content_type) !== SOURCE_MAP && !TYPES[mimeType(content_type)]) {
      throw errors.invalidUpload(`modules: '${name}' has the unknown content type '${content_type}'`);
    }
  }
  if (!names.has(mainModule))
    throw errors.invalidUpload(`No such module: the main module '${mainModule}' was not uploaded`);
  await checkSize(input);
  const startupTimeMs = await tryStart(
    input.flatMap(({ name, content_type, content }) => {
      const type = TYPES[mimeType(content_type)];
      return type ? [{ name, type, content }] : [];
    }),
  );
  const modules = await Promise.all(
    input.map(async ({ name, content_type, content }) => {
      const { sha256 } = await blobs.put(content);
      return { name, content_type, sha256 };
    }),
  );
  return { modules, startupTimeMs };
}

async function checkSize(modules: readonly UploadedModule[]): Promise<void> {
  const running = modules.filter(({ content_type }) => mimeType(content_type) !== SOURCE_MAP);
  const bytes = running.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes <= MAX_GZIP_BYTES) return; // it grows by less than a thousandth, and nobody has so exact a bundle
  const { length } = await promisify(gzip)(Buffer.concat(running.map(({ content }) => content)));
  if (length > MAX_GZIP_BYTES) throw errors.workerTooLarge(MAX_GZIP_BYTES);
}

/** The modules that run, as files. */
export function hostModules(modules: readonly StoredModule[], blobs: BlobStore): WorkerModule[] {
  return modules.flatMap(({ name, content_type, sha256 }) => {
    const type = TYPES[mimeType(content_type)];
    return type ? [{ name, type, path: blobs.path(sha256) }] : [];
  });
}

const mimeType = (contentType: string): string => (contentType.split(";")[0] ?? "").trim().toLowerCase();

/** A module's name must not lead out of the bundle, wherever it may be resolved. */
function isSafeName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return !/[\\\u0000-\u001f]/.test(name) && !name.startsWith("/") && !name.split("/").includes("..");
}
