import {
  type ApiOptions,
  CLOUDFLARE_API,
  type CloudflareApi,
  cloudflareApi,
  type CloudflareRaw,
  cloudflareRaw,
} from "./api";
import { type AskEdge, askEdge } from "./edge";

/** Everything that can be asked of an account. */
export interface Cloudflare {
  readonly api: CloudflareApi;
  readonly raw: CloudflareRaw;
  readonly edge: AskEdge;
}

/** The doors to one account: its API, and the edge where its Workers answer. */
export function connectCloudflare(options: ApiOptions): Cloudflare {
  let edgeUrl: string | undefined;
  const isCloudflare = URL.parse(options.baseUrl)?.hostname === new URL(CLOUDFLARE_API).hostname;
  const onAnswer = (headers: Headers): void => {
    options.onAnswer?.(headers);
    const named = URL.parse(headers.get("cf-edge-url") ?? "");
    if (named?.protocol === "http:" || named?.protocol === "https:") edgeUrl = named.origin;
  };
  const watched = { ...options, onAnswer };
  return {
    api: cloudflareApi(watched),
    raw: cloudflareRaw(watched),
    edge: askEdge(() => (isCloudflare ? undefined : edgeUrl)),
  };
}
