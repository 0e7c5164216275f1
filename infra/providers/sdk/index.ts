export { ContainerApplication } from "./containerApplication";
export { D1Migrations } from "./d1Migrations";
export { DurableObjectNamespace } from "./durableObjectNamespace";
export { WorkerVersion } from "./workerVersion";
export type { ArgsOf } from "./types";
