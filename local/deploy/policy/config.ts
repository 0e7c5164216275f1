import { existsSync, readFileSync } from "node:fs";
import type { Policies } from "@pulumi/policy";
import { z } from "zod";
import { DeployError } from "../errors";

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;
type Level = (typeof LEVELS)[number];

/** What is set of one policy. */
export interface PolicySetting {
  readonly level?: Level;
  readonly properties: Readonly<Record<string, unknown>>;
}
/** What is set, by the policies' names; `all` is about every policy's level. */
export type PolicyConfig = Readonly<Record<string, PolicySetting>>;

const File = z.record(
  z.string(),
  z.union([z.enum(LEVELS), z.looseObject({ enforcementLevel: z.enum(LEVELS).optional() })], {
    error: `expected a level (${LEVELS.join(", ")}), or thresholds with an enforcementLevel of these`,
  }),
);

/**
 * Reads the pack's config as the Pulumi CLI reads what `--policy-pack-config` names: a policy's level, or its thresholds.
 * Stricter than the CLI, which passes over a policy or a threshold that there is not: a mistyped one would set nothing.
 *
 * @param isNeeded whether a file that is missing is a mistake; else it sets nothing.
 * @throws DeployError BAD_POLICY_CONFIG with all that is wrong with it
 */
export function readPolicyConfig(file: string, policies: Policies, isNeeded = false): PolicyConfig {
  if (!existsSync(file)) {
    if (isNeeded) throw bad(file, ["there is no such file"]);
    return {};
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw bad(file, [`it is no JSON: ${(cause as Error).message}`]);
  }
  const parsed = File.safeParse(json);
  if (!parsed.success) {
    throw bad(
      file,
      parsed.error.issues.map(({ path, message }) => [...path, message].join(": ")),
    );
  }
  const problems = Object.entries(parsed.data).flatMap(([name, setting]) => problemsOf(name, setting, policies));
  if (problems.length > 0) throw bad(file, problems);
  return Object.fromEntries(Object.entries(parsed.data).map(([name, setting]) => [name, settingOf(setting)]));
}

/** One config over another, as the CLI lays what `--policy-pack-config` names over the pack's own. */
export function layered(base: PolicyConfig, over: PolicyConfig): PolicyConfig {
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  const merged = [...names].map((name): [string, PolicySetting] => {
    const level = over[name]?.level ?? over["all"]?.level ?? base[name]?.level;
    const properties = { ...base[name]?.properties, ...over[name]?.properties };
    return [name, { ...(level !== undefined && { level }), properties }];
  });
  return Object.fromEntries(merged);
}

type Written = z.infer<typeof File>[string];

function settingOf(setting: Written): PolicySetting {
  if (typeof setting === "string") return { level: setting, properties: {} };
  const { enforcementLevel: level, ...properties } = setting;
  return { ...(level !== undefined && { level }), properties };
}

function problemsOf(name: string, setting: Written, policies: Policies): string[] {
  const { properties } = settingOf(setting);
  const isAll = name === "all";
  const policy = policies.find((each) => each.name === name);
  if (policy === undefined && !isAll) {
    return [`${name}: no such policy; there are ${policies.map((each) => each.name).join(", ")}`];
  }
  const schema = { type: "object", additionalProperties: false, properties: {}, ...policy?.configSchema };
  const judged = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(properties, { reportInput: true });
  const allowed = Object.keys(schema.properties ?? {}).join(", ") || "nothing but enforcementLevel";
  return (judged.error?.issues ?? []).map(({ path, message, code }) =>
    code === "unrecognized_keys" ? `${name}: ${message}; it has ${allowed}` : `${name}.${path.join(".")}: ${message}`,
  );
}

const bad = (file: string, problems: readonly string[]): DeployError =>
  new DeployError("BAD_POLICY_CONFIG", `${file} cannot be used: ${problems.join("; ")}`);
