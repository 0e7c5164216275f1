/** Container applications: what a request may hold, and the limits on what they may use together. */
import { z } from "zod";
import { INSTANCE_LIMITS, resourceFields, resourcesOf } from "../../containers/instanceTypes";
import type { ContainerConfiguration } from "../../state/model";
import { nameText, problems } from "../../validation";
import { containerError } from "../../refusals";

const ACCOUNT_LIMITS = { vcpu: 1500, memory: 6 * 1024 * 1024, disk: 30_000_000 };

const variable = z.object({ name: z.string().min(1), value: z.string() });
export const Configuration = z.looseObject({
  image: z.string().min(1),
  ...resourceFields,
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
  const { vcpu, memory, disk } = resourcesOf(configuration);
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
