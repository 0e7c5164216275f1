import type { Resource } from "../resource";
import { containerApplication } from "./containerApplication";
import { d1Migrations } from "./d1Migrations";
import { durableObjectNamespace } from "./durableObjectNamespace";
import { workerVersion } from "./workerVersion";

/** Every type of resource that the provider has, by its token. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  "wandstore:index:ContainerApplication": containerApplication,
  "wandstore:index:D1Migrations": d1Migrations,
  "wandstore:index:DurableObjectNamespace": durableObjectNamespace,
  "wandstore:index:WorkerVersion": workerVersion,
};
