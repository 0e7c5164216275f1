/** What every upload of a version has, be it JSON or a form. */
import { z } from "zod";
import type { Context } from "hono";
import { errors } from "../../refusals";
import type { Source } from "../../state/model";
import { MigrationsInput } from "../../workers/migrations";
import { given } from "../given";

export const Annotations = z
  .object({
    "workers/message": z.string().max(1000).optional(),
    "workers/tag": z.string().max(100).optional(),
    "workers/alias": z
      .string()
      .max(63)
      .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "must be lower-case letters, digits and dashes, with a letter first")
      .optional(),
  })
  .default({});

/** None is an empty text in what Cloudflare's Terraform provider sends. */
export const CompatibilityDate = z
  .union([z.iso.date(), z.literal("")])
  .transform((date) => (date === "" ? undefined : date))
  .optional();

export const UploadInput = z.object({
  bindings: z.array(z.unknown()).default([]),
  containers: z.array(z.object({ class_name: z.string().min(1) })).default([]),
  migrations: MigrationsInput.optional(),
  compatibility_date: CompatibilityDate,
  compatibility_flags: z.array(z.string()).default([]),
  annotations: Annotations,
  // Kept and given back, without an effect here.
  limits: z.unknown().optional(),
  placement: z.unknown().optional(),
  cache_options: z.unknown().optional(),
  package_dependencies: z.unknown().optional(),
  usage_model: z.enum(["standard", "bundled", "unbound"]).default("standard"),
  // Known to Cloudflare, but not to the embedded cloud.
  assets: z.unknown().optional(),
  exports: z.unknown().optional(),
});
type UploadInput = z.output<typeof UploadInput>;

/** Refuses what an upload has and the embedded cloud cannot do. */
export function refuseUnknown({ assets, exports }: UploadInput): void {
  if (assets !== undefined && assets !== null) throw errors.unsupported("static assets of a Worker");
  if (exports !== undefined && exports !== null) throw errors.unsupported("declarative exports of a Worker");
}

export function keptSettings(input: UploadInput): Record<string, unknown> {
  const { limits, placement, cache_options, package_dependencies, usage_model } = input;
  return { ...given({ limits, placement, cache_options, package_dependencies }), usage_model };
}

/** Which kind of client calls, by the name that it gives itself. */
export function sourceOf(c: Context): Source {
  const agent = c.req.header("user-agent") ?? "";
  if (agent.startsWith("wrangler/")) return "wrangler";
  return /terraform/i.test(agent) ? "terraform" : "api";
}
