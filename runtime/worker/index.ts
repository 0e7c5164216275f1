import { createApp } from "./app";

export { Metrics } from "./metrics/metrics";
export { AIGeneratorContainer } from "./pool/container";
export { GenerationQueue } from "./pool/queue";
export { Shopper } from "./shopper/shopper";

export default createApp();
