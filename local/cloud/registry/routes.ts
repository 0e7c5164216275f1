/** The image registry: the part of the OCI distribution specification (v1.1) that pushing and pulling an image needs. */
import { Readable } from "node:stream";
import { existsSync, rmSync, statSync } from "node:fs";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { appendToFile, BlobTooLarge, type BlobStore } from "../state/blobs";
import { Routes } from "../routes";
import { uuid } from "../state/ids";
import type { State } from "../state/model";
import type { RegistryCredentials, RegistryPermission } from "./credentials";
import { Manifest, MANIFEST_TYPES, references } from "./manifest";
import { digestOf, isRepository, isTag, sha256Of } from "./reference";

const MAX_BLOB_BYTES = 2 * 1024 ** 3;
const MAX_MANIFEST_BYTES = 4 * 1024 ** 2; // distribution-spec, "Pushing manifests": a registry should take at least 4 MB

export interface RegistryOptions {
  accountId: string;
  state: State;
  blobs: BlobStore;
  credentials: RegistryCredentials;
}

/** A refusal in the registry's own format. */
class RegistryError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function registryRoutes({ accountId, state, blobs, credentials }: RegistryOptions): Routes {
  const app = new Routes(
    "not under `/client/v4`: push and pull of manifests and blobs, tags; Basic or Bearer with the API token or issued credentials; uploads that were begun end with a restart",
  );
  /** Uploads that were begun: id to the file that holds what has arrived. A restart ends them; clients begin anew. */
  const uploads = new Map<string, string>();

  app.onError((error, c) => {
    if (error instanceof BlobTooLarge) return refusal(c, 413, "SIZE_INVALID", error.message);
    if (error instanceof RegistryError) return refusal(c, error.status, error.code, error.message);
    throw error;
  });
  app.use(async (c, next) => {
    c.header("Docker-Distribution-API-Version", "registry/2.0");
    const allowed = credentials.permissions(c.req.header("authorization"));
    const needed: RegistryPermission = ["GET", "HEAD"].includes(c.req.method) ? "pull" : "push";
    if (!allowed) {
      c.header("WWW-Authenticate", 'Basic realm="registry"');
      return refusal(c, 401, "UNAUTHORIZED", "authentication required");
    }
    if (!allowed.includes(needed)) return refusal(c, 403, "DENIED", `the credentials do not allow ${needed}`);
    await next();
  });
  app.get("/", (c) => c.json({}));

  app.post("/:name{.+}/blobs/uploads/", async (c) => {
    const name = repository(c);
    const mounted = sha256Of(c.req.query("mount") ?? "");
    if (mounted && blobs.has(mounted)) return created(c, `/v2/${name}/blobs/${digestOf(mounted)}`, mounted);
    const id = uuid();
    uploads.set(id, blobs.newUnfinishedFile());
    if (c.req.query("digest")) return finish(c, name, id);
    return progress(c, name, id, 0);
  });
  app.patch("/:name{.+}/blobs/uploads/:upload", async (c) => {
    const file = upload(c);
    const range = /^(\d+)-\d+$/.exec(c.req.header("content-range") ?? "");
    const have = existsSync(file) ? statSync(file).size : 0;
    if (range && Number(range[1]) !== have) {
      throw new RegistryError(416, "BLOB_UPLOAD_INVALID", `the upload holds ${have} bytes`);
    }
    return progress(c, repository(c), c.req.param("upload"), await append(c, file));
  });
  app.put("/:name{.+}/blobs/uploads/:upload", (c) => {
    upload(c);
    return finish(c, repository(c), c.req.param("upload"));
  });
  app.delete("/:name{.+}/blobs/uploads/:upload", (c) => {
    rmSync(upload(c), { force: true });
    uploads.delete(c.req.param("upload"));
    return c.body(null, 204);
  });

  // Hono answers HEAD with what GET answers, without the body.
  app.get("/:name{.+}/blobs/:digest", (c) => {
    const sha256 = sha256Of(c.req.param("digest"));
    if (!sha256 || !blobs.has(sha256)) throw new RegistryError(404, "BLOB_UNKNOWN", "blob unknown to registry");
    c.header("Content-Type", "application/octet-stream");
    c.header("Content-Length", String(blobs.size(sha256)));
    c.header("Docker-Content-Digest", digestOf(sha256));
    if (c.req.method === "HEAD") return c.body(null);
    return c.body(Readable.toWeb(blobs.stream(sha256)) as ReadableStream);
  });

  app.put("/:name{.+}/manifests/:reference", async (c) => {
    const name = repository(c);
    const reference = c.req.param("reference");
    const bytes = Buffer.from(await c.req.arrayBuffer());
    const manifest = readManifest(bytes, c.req.header("content-type"));
    for (const digest of references(manifest)) {
      const blob = sha256Of(digest);
      if (!blob || !blobs.has(blob)) throw new RegistryError(404, "MANIFEST_BLOB_UNKNOWN", `${digest} was not pushed`);
    }
    const { sha256 } = await blobs.put(bytes);
    const expected = sha256Of(reference);
    if (expected ? expected !== sha256 : !isTag(reference)) {
      throw new RegistryError(
        400,
        expected ? "DIGEST_INVALID" : "MANIFEST_INVALID",
        `the manifest is not ${reference}`,
      );
    }
    state.transaction(() => {
      const mediaType = manifest.mediaType ?? c.req.header("content-type") ?? "";
      state.manifests.put(`${name}@${sha256}`, { repository: name, sha256, mediaType });
      if (!expected) state.tags.put(`${name}:${reference}`, { repository: name, tag: reference, sha256 });
    });
    return created(c, `/v2/${name}/manifests/${digestOf(sha256)}`, sha256);
  });
  app.get("/:name{.+}/manifests/:reference", async (c) => {
    const name = repository(c);
    const reference = c.req.param("reference");
    const sha256 = sha256Of(reference) ?? state.tags.get(`${name}:${reference}`)?.sha256;
    const manifest = sha256 && state.manifests.get(`${name}@${sha256}`);
    if (!manifest) throw new RegistryError(404, "MANIFEST_UNKNOWN", `${name} has no ${reference}`);
    c.header("Content-Type", manifest.mediaType);
    c.header("Content-Length", String(blobs.size(manifest.sha256)));
    c.header("Docker-Content-Digest", digestOf(manifest.sha256));
    if (c.req.method === "HEAD") return c.body(null);
    return c.body(new Uint8Array(await blobs.read(manifest.sha256)));
  });
  app.get("/:name{.+}/tags/list", (c) => {
    const name = repository(c);
    const tags = state.tags.list().filter((one) => one.repository === name);
    return c.json({ name, tags: tags.map(({ tag }) => tag).toSorted() });
  });
  app.notFound((c) => refusal(c, 404, "NAME_UNKNOWN", `the registry does not have ${c.req.method} ${c.req.path}`));
  return app;

  function repository(c: Context): string {
    const name = c.req.param("name") ?? "";
    if (!isRepository(name))
      throw new RegistryError(400, "NAME_INVALID", `${JSON.stringify(name)} is no repository name`);
    if (!name.startsWith(`${accountId}/`)) {
      throw new RegistryError(403, "DENIED", `a repository of this account begins with ${accountId}/`);
    }
    return name;
  }

  function upload(c: Context): string {
    const file = uploads.get(c.req.param("upload") ?? "");
    if (!file) throw new RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "this upload was not begun, or has ended");
    return file;
  }

  async function finish(c: Context, name: string, id: string): Promise<Response> {
    const file = uploads.get(id) ?? "";
    const wanted = c.req.query("digest") ?? "";
    await append(c, file);
    uploads.delete(id);
    const { sha256 } = await blobs.adopt(file);
    if (digestOf(sha256) !== wanted) {
      throw new RegistryError(400, "DIGEST_INVALID", `the bytes have the digest ${digestOf(sha256)}, not ${wanted}`);
    }
    return created(c, `/v2/${name}/blobs/${wanted}`, sha256);
  }
}

function append(c: Context, file: string): Promise<number> {
  const body = c.req.raw.body;
  return appendToFile(file, body ? Readable.fromWeb(body as never) : Readable.from([]), MAX_BLOB_BYTES);
}

function progress(c: Context, name: string, id: string, size: number): Response {
  c.header("Location", `/v2/${name}/blobs/uploads/${id}`);
  c.header("Docker-Upload-UUID", id);
  c.header("Range", `0-${Math.max(0, size - 1)}`);
  return c.body(null, 202);
}

function created(c: Context, location: string, sha256: string): Response {
  c.header("Location", location);
  c.header("Docker-Content-Digest", digestOf(sha256));
  return c.body(null, 201);
}

function refusal(c: Context, status: ContentfulStatusCode, code: string, message: string): Response {
  return c.json({ errors: [{ code, message, detail: null }] }, status);
}

function readManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  if (bytes.length > MAX_MANIFEST_BYTES) throw new RegistryError(413, "MANIFEST_INVALID", "the manifest is over 4 MB");
  if (!MANIFEST_TYPES.has(contentType ?? "")) {
    throw new RegistryError(400, "MANIFEST_INVALID", `the Content-Type ${contentType} is no manifest's`);
  }
  try {
    return Manifest.parse(JSON.parse(bytes.toString("utf8")));
  } catch (error) {
    throw new RegistryError(400, "MANIFEST_INVALID", `the manifest cannot be read: ${(error as Error).message}`);
  }
}
