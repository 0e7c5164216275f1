/** Names of images: repositories, tags, digests (OCI distribution-spec, "Pulling manifests"). */

/** The host part of an image's name in Cloudflare's own registry. */
export const REGISTRY_HOST = "registry.cloudflare.com";

const REPOSITORY = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:([0-9a-f]{64})$/;

export const isRepository = (name: string): boolean => name.length <= 255 && REPOSITORY.test(name);
export const isTag = (text: string): boolean => TAG.test(text);

/** The 64 hexadecimal digits of `sha256:…`; undefined where the text is no such digest. */
export const sha256Of = (digest: string): string | undefined => DIGEST.exec(digest)?.[1];
export const digestOf = (sha256: string): string => `sha256:${sha256}`;

export interface ImageReference {
  /** `{account}/{name}` */
  repository: string;
  /** A tag or a digest. */
  reference: string;
}

/** The registry's own address, as images are pushed to it; its port may be another after a restart. */
const OWN_ADDRESS = /^(127\.0\.0\.1|localhost):\d+$/;

/**
 * Reads `registry.cloudflare.com/{account}/{name}@sha256:…` or `…:tag`, also under the registry's own address
 * (`127.0.0.1:{port}/{account}/…`); undefined for another registry or a bad name.
 */
export function parseImage(image: string, accountId: string): ImageReference | undefined {
  const slash = image.indexOf("/");
  const host = image.slice(0, Math.max(0, slash));
  const rest = image.slice(slash + 1);
  if ((host !== REGISTRY_HOST && !OWN_ADDRESS.test(host)) || !rest.startsWith(`${accountId}/`)) return undefined;
  const [named = "", digest] = rest.split("@", 2);
  const colon = named.lastIndexOf(":");
  const repository = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const reference = digest ?? tag ?? "latest";
  if (!isRepository(repository) || !(sha256Of(reference) ?? isTag(reference))) return undefined;
  return { repository, reference };
}
