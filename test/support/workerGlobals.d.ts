import type * as Workers from "@cloudflare/workers-types";

/**
 * Tests of the Worker's pure parts reach its bindings' types, which are globals there. Only these few are named here: all of
 * Cloudflare's globals beside Node's would change what `Response` and `fetch` are in every other test.
 */
declare global {
  type KVNamespace = Workers.KVNamespace;
  type D1Database = Workers.D1Database;
  type D1PreparedStatement = Workers.D1PreparedStatement;
  type R2Bucket = Workers.R2Bucket;
  type DurableObjectNamespace<T extends Workers.Rpc.DurableObjectBranded | undefined = undefined> =
    Workers.DurableObjectNamespace<T>;
  namespace Rpc {
    type DurableObjectBranded = Workers.Rpc.DurableObjectBranded;
  }
}
