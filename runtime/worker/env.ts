import type { D1_BINDING, KV_BINDINGS, OPTIONAL_SECRETS, R2_BINDING, SECRETS, VARS } from "../contract/bindings";
import type { MetricsApi } from "./metrics/api";
import type { GenerationQueueApi } from "./pool/api";
import type { ShopperApi } from "./shopper/api";
import type { StoreSyncApi } from "./stores/api";

/** The Worker's bindings, as the contract names them. */
export type Env = Record<(typeof KV_BINDINGS)[number], KVNamespace> &
  Record<typeof D1_BINDING, D1Database> &
  Record<typeof R2_BINDING, R2Bucket> &
  Record<(typeof VARS)[number], string> &
  Record<(typeof SECRETS)[number], string> &
  Partial<Record<(typeof OPTIONAL_SECRETS)[number], string>> & {
    POOL: DurableObjectNamespace<GenerationQueueApi>;
    GENERATOR: DurableObjectNamespace;
    SHOPPER: DurableObjectNamespace<ShopperApi>;
    METRICS: DurableObjectNamespace<MetricsApi>;
    STORE_SYNC: DurableObjectNamespace<StoreSyncApi>;
  };
