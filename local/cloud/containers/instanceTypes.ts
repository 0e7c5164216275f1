/** How much a container may use (developers.cloudflare.com/containers/platform-details/limits). */
import { z } from "zod";
import type { ContainerConfiguration } from "../state/model";

export interface Resources {
  vcpu: number;
  /** MiB. */
  memory: number;
  /** MB. */
  disk: number;
}

const INSTANCE_TYPES = {
  lite: { vcpu: 1 / 16, memory: 256, disk: 2000 },
  dev: { vcpu: 1 / 16, memory: 256, disk: 2000 },
  basic: { vcpu: 1 / 4, memory: 1024, disk: 4000 },
  "standard-1": { vcpu: 1 / 2, memory: 4096, disk: 8000 },
  standard: { vcpu: 1 / 2, memory: 4096, disk: 8000 },
  "standard-2": { vcpu: 1, memory: 6144, disk: 12_000 },
  "standard-3": { vcpu: 2, memory: 8192, disk: 16_000 },
  "standard-4": { vcpu: 4, memory: 12_288, disk: 20_000 },
} as const satisfies Record<string, Resources>;

/** The most that a container may ask for. */
export const INSTANCE_LIMITS: Resources = { vcpu: 4, memory: 12_288, disk: 20_000 };

type InstanceType = keyof typeof INSTANCE_TYPES;
const instanceTypes = Object.keys(INSTANCE_TYPES) as [InstanceType, ...InstanceType[]];

/** What a configuration says of resources: a type, and figures of its own over it. */
export const resourceFields = {
  instance_type: z.enum(instanceTypes).optional(),
  vcpu: z.number().positive().optional(),
  memory_mib: z.int().positive().optional(),
  disk: z.object({ size_mb: z.int().positive().optional() }).optional(),
};
const ResourceFields = z.object(resourceFields);

/** What each container of a configuration may use; of the type lite where it names none. */
export function resourcesOf(configuration: ContainerConfiguration): Resources {
  const { instance_type, vcpu, memory_mib, disk } = ResourceFields.parse(configuration);
  const type = INSTANCE_TYPES[instance_type ?? "lite"];
  return { vcpu: vcpu ?? type.vcpu, memory: memory_mib ?? type.memory, disk: disk?.size_mb ?? type.disk };
}
