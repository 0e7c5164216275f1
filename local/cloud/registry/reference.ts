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

/** Reads `registry.cloudflare.com/{account}/{name}@sha256:…` or `…:tag`; undefined for another registry or a bad name. */
export function parseImage(image: string, accountId: string): ImageReference | undefined {
  const prefix = `${REGISTRY_HOST}/${accountId}/`;
  if (!image.startsWith(prefix)) return undefined;
  const rest = image.slice(REGISTRY_HOST.length + 1);
  const [named = "", digest] = rest.split("@", 2);
  const colon = named.lastIndexOf(":");
  const repository = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const reference = digest ?? tag ?? "latest";
  if (!isRepository(repository) || !(sha256Of(reference) ?? isTag(reference))) return undefined;
  return { repository, reference };
}
