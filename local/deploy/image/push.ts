import type { Blob, BuiltImage } from "./build";
import { MANIFEST_TYPE } from "./build";

const CALL_LIMIT_MS = 60_000;

export interface PushTarget {
  /** Origin of the registry, such as http://127.0.0.1:8788. */
  registryUrl: string;
  /** Header that opens it. */
  authorization: string;
  repository: string;
  tag: string;
}

/**
 * Pushes an image by the OCI distribution API (specification 1.1, "Push"). What the registry has already is not sent
 * again; answers with the digest of the manifest.
 */
export async function pushImage(image: BuiltImage, target: PushTarget): Promise<string> {
  const base = `${target.registryUrl}/v2/${target.repository}`;
  const call = async (method: string, url: string, allowed: readonly number[], init: RequestInit = {}) => {
    const headers = { authorization: target.authorization, ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { ...init, method, headers, signal: AbortSignal.timeout(CALL_LIMIT_MS) });
    if (allowed.includes(response.status)) return response;
    const text = (await response.text()).slice(0, 300);
    throw new Error(`the registry answered ${method} ${new URL(url).pathname} with ${response.status}: ${text}`);
  };

  const sendBlob = async ({ digest, bytes }: Blob): Promise<void> => {
    const there = await call("HEAD", `${base}/blobs/${digest}`, [200, 404]);
    if (there.status === 200) return;
    const begun = await call("POST", `${base}/blobs/uploads/`, [202]);
    const upload = new URL(begun.headers.get("location") ?? "", target.registryUrl);
    upload.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    await call("PUT", upload.href, [201], { headers, body: new Uint8Array(bytes) });
  };

  const { digest, bytes } = image.manifest;
  const tagged = await call("HEAD", `${base}/manifests/${target.tag}`, [200, 404]);
  if (tagged.headers.get("docker-content-digest") === digest) return digest;
  await sendBlob(image.layer);
  await sendBlob(image.config);
  const headers = { "content-type": MANIFEST_TYPE };
  await call("PUT", `${base}/manifests/${target.tag}`, [201], { headers, body: new Uint8Array(bytes) });
  return digest;
}
