export { type ApiOptions, CLOUDFLARE_API, type CloudflareApi, cloudflareApi } from "./api";
export { CloudflareError, isNotFound } from "./errors";
export type { AskEdge, EdgeAnswer } from "./edge";
