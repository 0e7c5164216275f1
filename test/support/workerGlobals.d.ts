/**
 * Tests of the Worker's pure parts reach its bindings' types, which are globals there. Only these few are named here: all of
 * Cloudflare's globals beside Node's would change what `Response` and `fetch` are in every other test.
 */
type KVNamespace = import("@cloudflare/workers-types").KVNamespace;
type D1Database = import("@cloudflare/workers-types").D1Database;
type R2Bucket = import("@cloudflare/workers-types").R2Bucket;
type DurableObjectNamespace<
  T extends import("@cloudflare/workers-types").Rpc.DurableObjectBranded | undefined = undefined,
> = import("@cloudflare/workers-types").DurableObjectNamespace<T>;
declare namespace Rpc {
  type DurableObjectBranded = import("@cloudflare/workers-types").Rpc.DurableObjectBranded;
}
