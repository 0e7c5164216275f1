import { containerApplication, registryImage } from "./containers";
import { d1Migrations } from "./d1Migrations";
import { release } from "./release";
import type { Subject } from "./subject";
import { durableObjectNamespace, workersDeployment, workersDevUrl, workerVersion } from "./workers";

/**
 * Every type of resource that stands for something in the account. What is missing is DataExport, which stands for nothing: its
 * deletion is tested by itself.
 */
export const SUBJECTS: readonly Subject[] = [
  containerApplication,
  d1Migrations,
  durableObjectNamespace,
  registryImage,
  release,
  workersDeployment,
  workersDevUrl,
  workerVersion,
];
