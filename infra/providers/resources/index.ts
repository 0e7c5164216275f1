import type { Resource } from "../resource";
import { containerApplication } from "./containerApplication";
import { d1Migrations } from "./d1Migrations";
import { dataExport } from "./dataExport";
import { durableObjectNamespace } from "./durableObjectNamespace";
import { registryImage } from "./registryImage";
import { release } from "./release";
import { workersDeployment } from "./workersDeployment";
import { workersDevUrl } from "./workersDevUrl";
import { workerVersion } from "./workerVersion";

/** Every type of resource that the provider has, by its token. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  "wandstore:index:ContainerApplication": containerApplication,
  "wandstore:index:D1Migrations": d1Migrations,
  "wandstore:index:DataExport": dataExport,
  "wandstore:index:DurableObjectNamespace": durableObjectNamespace,
  "wandstore:index:RegistryImage": registryImage,
  "wandstore:index:Release": release,
  "wandstore:index:WorkersDeployment": workersDeployment,
  "wandstore:index:WorkersDevUrl": workersDevUrl,
  "wandstore:index:WorkerVersion": workerVersion,
};
