/** Makes and pushes small OCI images, without the code of the embedded cloud. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { CloudConnection } from "../../../local/cloud";

type Entry = string | { symlink: string };
export type Files = Record<string, Entry>;

export interface Image {
  manifest: Buffer;
  mediaType: string;
  blobs: Buffer[];
}

const digest = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const descriptor = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digest(bytes), size: bytes.length });

/** A layer, as tar in gzip or plain. */
export async function layer(files: Files, zipped = true): Promise<Buffer> {
  const tar = pack();
  for (const [name, entry] of Object.entries(files)) {
    if (typeof entry === "string") tar.entry({ name, mode: 0o644 }, entry);
    else tar.entry({ name, type: "symlink", linkname: entry.symlink });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return zipped ? gzipSync(bytes) : bytes;
}

export function image(
  layers: Buffer[],
  config: Record<string, unknown> = {},
  annotations?: Record<string, string>,
): Image {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const configBytes = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", config }));
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: descriptor("application/vnd.oci.image.config.v1+json", configBytes),
    layers: layers.map((bytes) => descriptor("application/vnd.oci.image.layer.v1.tar+gzip", bytes)),
    ...(annotations && { annotations }),
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), mediaType, blobs: [configBytes, ...layers] };
}

/** Pushes as clients do; gives the image's name for an application. */
export async function push(cloud: CloudConnection, name: string, pushed: Image, tag = "latest"): Promise<string> {
  const repository = `${cloud.accountId}/${name}`;
  for (const blob of pushed.blobs) {
    const begun = await registry(cloud, "POST", `/v2/${repository}/blobs/uploads/`);
    const end = await registry(cloud, "PUT", `${begun.headers.get("location")}?digest=${digest(blob)}`, blob);
    if (end.status !== 201) throw new Error(`the blob was refused: ${end.status} ${await end.text()}`);
  }
  const headers = { "content-type": pushed.mediaType };
  const put = await registry(cloud, "PUT", `/v2/${repository}/manifests/${tag}`, pushed.manifest, headers);
  if (put.status !== 201) throw new Error(`the manifest was refused: ${put.status} ${await put.text()}`);
  return `registry.cloudflare.com/${repository}@${digest(pushed.manifest)}`;
}

export function registry(
  cloud: CloudConnection,
  method: string,
  path: string,
  body?: Buffer,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`v1:${cloud.apiToken}`).toString("base64")}`;
  return fetch(cloud.registryUrl + path, {
    method,
    ...(body ? { body: new Uint8Array(body) } : {}),
    headers: { authorization, ...headers },
  });
}
