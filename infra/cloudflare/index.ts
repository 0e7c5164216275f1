export {
  type ApiOptions,
  CLOUDFLARE_API,
  type CloudflareApi,
  cloudflareApi,
  type CloudflareRaw,
  cloudflareRaw,
  type RequestOptions,
} from "./api";
export { type Cloudflare, connectCloudflare } from "./connect";
export { type AskEdge, askEdge, type EdgeAnswer } from "./edge";
export { type CursorList, namespaceIds, pagesOf } from "./lists";
export { bucketPath, namespacePath, objectPath } from "./paths";
export { CloudflareError, isNotFound, orNothing } from "./errors";
