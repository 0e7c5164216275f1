import { createApp } from "./app";
import type { Env } from "./env";
import { housekeeping } from "./housekeeping";

export { Metrics } from "./metrics/metrics";
export { AIGeneratorContainer } from "./pool/container";
export { GenerationQueue } from "./pool/queue";
export { Shopper } from "./shopper/shopper";
export { StoreSync } from "./stores/storeSync";

const app = createApp();

export default { fetch: app.fetch, scheduled: housekeeping } satisfies ExportedHandler<Env>;
