/** Container applications: what a request may hold, and the limits on what they may use together. */
import { z } from "zod";
import type { ContainerConfiguration } from "../../state/model";
import { nameText, problems } from "../../validation";
import { containerError } from "../../refusals";

/** vCPU, MiB of memory, MB of disk (developers.cloudflare.com/containers/platform-details/limits). */
const INSTANCE_TYPES = {
  lite: { vcpu: 1 / 16, memory: 256, disk: 2000 },
  dev: { vcpu: 1 / 16, memory: 256, disk: 2000 },
  basic: { vcpu: 1 / 4, memory: 1024, disk: 4000 },
  "standard-1": { vcpu: 1 / 2, memory: 4096, disk: 8000 },
  standard: { vcpu: 1 / 2, memory: 4096, disk: 8000 },
  "standard-2": { vcpu: 1, memory: 6144, disk: 12_000 },
  "standard-3": { vcpu: 2, memory: 8192, disk: 16_000 },
  "standard-4": { vcpu: 4, memory: 12_288, disk: 20_000 },
} as const;

export const INSTANCE_LIMITS = { vcpu: 4, memory: 12_288, disk: 20_000 };
const ACCOUNT_LIMITS = { vcpu: 1500, memory: 6 * 1024 * 1024, disk: 30_000_000 };

type InstanceType = keyof typeof INSTANCE_TYPES;
const instanceTypes = Object.keys(INSTANCE_TYPES) as [InstanceType, ...InstanceType[]];

const variable = z.object({ name: z.string().min(1), value: z.string() });
export const Configuration = z.looseObject({
  image: z.string().min(1),
  instance_type: z.enum(instanceTypes).optional(),
  vcpu: z.number().positive().optional(),
  memory_mib: z.int().positive().optional(),
  disk: z.object({ size_mb: z.int().positive().optional() }).optional(),
  environment_variables: z.array(variable).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
});

/** Seconds. */
const gracePeriod = z.int().min(0).max(604_800);
const bound = z.int().min(0);
const kept = {
  constraints: z.unknown().optional(),
  affinities: z.unknown().optional(),
  observability: z.unknown().optional(),
};

export const CreateInput = z.object({
  name: nameText(255),
  scheduling_policy: z.literal("default").default("default"),
  instances: bound.default(0),
  max_instances: bound.default(20),
  configuration: Configuration,
  durable_objects: z.union([
    z.object({ namespace_id: z.string() }),
    z.object({ script_name: z.string(), class_name: z.string() }),
  ]),
  rollout_active_grace_period: gracePeriod.default(0),
  ...kept,
});

export const PatchInput = z.object({
  scheduling_policy: z.literal("default").optional(),
  instances: bound.optional(),
  max_instances: bound.optional(),
  configuration: Configuration.partial().optional(),
  rollout_active_grace_period: gracePeriod.optional(),
  ...kept,
});

export const RolloutInput = z.object({
  description: z.string(),
  strategy: z.enum(["rolling", "new_instances"]),
  kind: z.enum(["full_auto", "full_manual"]).default("full_auto"),
  target_configuration: Configuration.partial(),
  step_percentage: z.union([5, 10, 20, 25, 50, 100].map((step) => z.literal(step))).optional(),
  steps: z
    .array(z.object({ step_size: z.object({ percentage: z.int().min(1).max(100) }), description: z.string() }))
    .optional(),
  percentage: z.int().min(0).max(100).optional(),
});

/** A request's body, or VALIDATE_INPUT naming each field. */
export function containerInput<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw containerError(400, "VALIDATE_INPUT", { message: problems(parsed.error) });
  return parsed.data;
}

/** Refuses what is more than one instance, or the whole account, may use. */
export function checkLimits(configuration: ContainerConfiguration, maxInstances: number): void {
  const { vcpu, memory, disk } = resources(configuration);
  const each = { vcpu, memory_mib: memory, disk_mb: disk };
  if (vcpu > INSTANCE_LIMITS.vcpu || memory > INSTANCE_LIMITS.memory || disk > INSTANCE_LIMITS.disk) {
    throw containerError(400, "SURPASSED_BASE_LIMITS", each);
  }
  if (
    vcpu * maxInstances > ACCOUNT_LIMITS.vcpu ||
    memory * maxInstances > ACCOUNT_LIMITS.memory ||
    disk * maxInstances > ACCOUNT_LIMITS.disk
  ) {
    throw containerError(400, "SURPASSED_TOTAL_LIMITS", { ...each, max_instances: maxInstances });
  }
}

function resources(configuration: ContainerConfiguration) {
  const { instance_type, vcpu, memory_mib, disk } = Configuration.parse(configuration);
  const type = INSTANCE_TYPES[instance_type ?? "lite"];
  return { vcpu: vcpu ?? type.vcpu, memory: memory_mib ?? type.memory, disk: disk?.size_mb ?? type.disk };
}
