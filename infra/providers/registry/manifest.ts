import { isLoopback, registryOrigin } from "./address";

/** A tag in a registry, and what opens the registry. */
export interface TaggedImage {
  /** Host of the registry, with its port where it has one. */
  readonly registry: string;
  /** `{account}/{repository}`. */
  readonly repository: string;
  readonly tag: string;
  readonly username: string;
  readonly password: string;
}

/** All that an image may be to a registry: a manifest or an index of some, in the words of OCI and in Docker's. */
const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** A registry answers a HEAD from its index; half a minute is a registry that is down. */
const DEADLINE_MS = 30_000;

/**
 * The digest that a registry has under a tag (OCI distribution specification 1.1, "Checking if content exists"), or
 * undefined where it has no such tag.
 * @throws Error where the registry refuses, does not answer in time or does not say the digest.
 */
export async function digestOfTag(image: TaggedImage): Promise<string | undefined> {
  const { registry, repository, tag } = image;
  const url = `${registryOrigin(registry)}/v2/${repository}/manifests/${tag}`;
  const head = (authorization: string): Promise<Response> =>
    ask(registry, url, { method: "HEAD", headers: { Accept: MANIFEST_TYPES, Authorization: authorization } });

  const basic = basicAuthorization(image);
  let answer = await head(basic);
  const challenge = answer.headers.get("www-authenticate") ?? "";
  if (answer.status === 401 && /^bearer /i.test(challenge)) {
    answer = await head(`Bearer ${await tokenFor(challenge, image, basic)}`);
  }
  if (answer.status === 404) return undefined;
  const name = `${registry}/${repository}:${tag}`;
  if (answer.status === 401 || answer.status === 403) {
    throw new Error(
      `The registry refused to look for ${name} (${answer.status}), although the API has just issued credentials for ` +
        "it. Does the API token have Workers Containers Write?",
    );
  }
  if (!answer.ok) throw new Error(`The registry answered ${answer.status} when asked for ${name}. Deploy again.`);
  const digest = answer.headers.get("docker-content-digest") ?? "";
  if (!DIGEST.test(digest)) {
    throw new Error(`The registry has ${name} and says "${digest}" for its digest; expected sha256:{64 hex digits}.`);
  }
  return digest;
}

export const basicAuthorization = ({ username, password }: Pick<TaggedImage, "username" | "password">): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** Docker's token protocol (distribution.github.io/distribution/spec/auth/token): the registry names who issues tokens. */
async function tokenFor(challenge: string, image: TaggedImage, basic: string): Promise<string> {
  const asked = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
  );
  const realm = URL.canParse(asked.realm ?? "") ? new URL(asked.realm ?? "") : undefined;
  if (realm === undefined || !(realm.protocol === "https:" || (realm.protocol === "http:" && isLoopback(realm.host)))) {
    throw new Error(
      `The registry ${image.registry} sends for a token to "${asked.realm ?? ""}"; the password goes to https addresses only.`,
    );
  }
  if (asked.service !== undefined) realm.searchParams.set("service", asked.service);
  realm.searchParams.set("scope", asked.scope ?? `repository:${image.repository}:pull`);
  const answer = await ask(realm.host, realm.href, { headers: { Authorization: basic } });
  const body = (answer.ok ? await answer.json().catch(() => undefined) : undefined) as
    | { token?: unknown; access_token?: unknown }
    | undefined;
  const token = body?.token ?? body?.access_token;
  if (typeof token !== "string") throw new Error(`${realm.host} issued no token for the registry (${answer.status}).`);
  return token;
}

async function ask(host: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (cause) {
    throw new Error(`${host} did not answer within ${DEADLINE_MS} ms. Deploy again.`, { cause });
  }
}
