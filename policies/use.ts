import type { Resource } from "./rule";
import { CODE, TYPES } from "./types";
import { isObject, listOf, numberOf, textOf, textsOf } from "./values";

/** Cloudflare's instance types, as its limits page has them. */
export const SIZES: Readonly<Record<string, { vcpu: number; memoryGib: number; diskGb: number }>> = {
  lite: { vcpu: 1 / 16, memoryGib: 1 / 4, diskGb: 2 },
  basic: { vcpu: 1 / 4, memoryGib: 1, diskGb: 4 },
  "standard-1": { vcpu: 1 / 2, memoryGib: 4, diskGb: 8 },
  "standard-2": { vcpu: 1, memoryGib: 6, diskGb: 12 },
  "standard-3": { vcpu: 2, memoryGib: 8, diskGb: 16 },
  "standard-4": { vcpu: 4, memoryGib: 12, diskGb: 20 },
};
const CRON = "cloudflare:index/workersCronTrigger:WorkersCronTrigger";

interface Used {
  readonly what: string;
  readonly amount: number;
}
type Key = "kvNamespaces" | "databases" | "workers" | "crons" | "classes" | "vcpu" | "memoryGib" | "diskGb";

/** What a stack takes of that of which an account has only so much. Containers count as if all of them ran. */
export function useOf(resources: readonly Resource[]): Readonly<Record<Key, Used>> {
  const count = (...types: string[]): number => resources.filter(({ type }) => types.includes(type)).length;
  const containers = (part: "vcpu" | "memoryGib" | "diskGb"): number =>
    resources.reduce((sum, resource) => sum + sizeOf(resource)[part], 0);
  return {
    kvNamespaces: { what: "KV namespaces", amount: count(TYPES.kvNamespace) },
    databases: { what: "D1 databases", amount: count(TYPES.database) },
    workers: { what: "Workers", amount: count(TYPES.worker, TYPES.script) },
    crons: {
      what: "cron triggers",
      amount: resources.reduce(
        (sum, { type, props }) => sum + (type === CRON ? listOf(props["schedules"]).length : 0),
        0,
      ),
    },
    classes: { what: "Durable Object classes", amount: resources.reduce((sum, each) => sum + classesOf(each), 0) },
    vcpu: { what: "vCPUs of containers", amount: containers("vcpu") },
    memoryGib: { what: "GiB of containers' memory", amount: containers("memoryGib") },
    diskGb: { what: "GB of containers' disk", amount: containers("diskGb") },
  };
}

function sizeOf({ type, props }: Resource): { vcpu: number; memoryGib: number; diskGb: number } {
  const size = type === TYPES.containerApplication ? SIZES[textOf(props["instanceType"]) ?? ""] : undefined;
  const most = numberOf(props["maxInstances"]) ?? 0;
  if (size === undefined) return { vcpu: 0, memoryGib: 0, diskGb: 0 };
  return { vcpu: size.vcpu * most, memoryGib: size.memoryGib * most, diskGb: size.diskGb * most };
}

/** Classes that a Worker's migrations make and do not remove again. */
function classesOf({ type, props }: Resource): number {
  if (!CODE.has(type)) return 0;
  const { migrations } = props;
  const steps = isObject(migrations) ? [migrations, ...listOf(migrations["steps"])] : listOf(migrations);
  const all = (key: string): number => steps.flatMap((step) => textsOf(step[key])).length;
  return all("newSqliteClasses") + all("newClasses") - all("deletedClasses");
}
