import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { ConfigError, parseSettings } from "../../infra/config";

export const ROOT = path.resolve(__dirname, "..", "..");
export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const STACKS = ["dev", "staging", "prod"] as const;

/** Keys and values as Pulumi hands them to a program: strings, objects as JSON. */
export type Raw = Readonly<Record<string, string>>;

export const asRaw = (settings: Readonly<Record<string, unknown>>): Raw =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `wandstore:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** The least that a stack has to say, with more over it. */
export const least = (more: Readonly<Record<string, unknown>> = {}): Raw =>
  asRaw({ environment: "dev", accountId: ACCOUNT, stores: ["magic-wands"], ...more });

/** What is wrong with a config; nothing when it can be used. `secret` names the keys that the stack keeps encrypted. */
export function problemsOf(raw: Raw, env: NodeJS.ProcessEnv = {}, secret: readonly string[] = []): readonly string[] {
  try {
    parseSettings(raw, env, (key) => secret.includes(key.replace("wandstore:", "")));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** The config of a stack file of the project, by full key. */
export function readStackFile(stack: string): Record<string, unknown> {
  const text = readFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, unknown> }).config;
}
