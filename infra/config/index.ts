import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ConfigError } from "./errors";
import { type Settings, SettingsSchema } from "./settings";

export { ConfigError, type ConfigErrorCode } from "./errors";
export type { Settings } from "./settings";

const NAMESPACE = "wandstore";
/** Config keys that hold a secret, and the variable by which the Worker reads each. */
const SECRET_VARIABLES = {
  kimiApiKey: "KIMI_API_KEY",
  claudeApiKey: "CLAUDE_API_KEY",
  llmApiKey: "LLM_API_KEY",
  shopifyWebhookSecrets: "SHOPIFY_WEBHOOK_SECRETS",
} as const;
/** Pulumi hands every value over as a string. These are strings indeed; all others are JSON. */
const TEXT_KEYS: ReadonlySet<string> = new Set(["environment", "accountId", "edgeUrl"]);

/**
 * Reads what a stack file says, without Pulumi.
 *
 * @param raw keys as the stack file has them (`wandstore:pool`), values as Pulumi gives them: strings, objects as JSON.
 *   Keys of other namespaces are not ours to judge.
 * @param environment the process's variables; the account may come from `CLOUDFLARE_ACCOUNT_ID`.
 * @param isSecret whether the key's value is a secret of the stack: such a value is never repeated in a message.
 * @throws ConfigError with every problem at once: where, what was found, what is allowed.
 */
export function parseSettings(
  raw: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  isSecret: (key: string) => boolean = () => false,
): Settings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [fullKey, text] of Object.entries(raw)) {
    const [namespace, key] = splitKey(fullKey);
    if (namespace !== NAMESPACE || key in SECRET_VARIABLES) continue;
    try {
      values[key] = TEXT_KEYS.has(key) ? text : JSON.parse(text);
    } catch {
      values[key] = text; // the schema says what it should have been
    }
  }
  values["accountId"] ??= environment["CLOUDFLARE_ACCOUNT_ID"];

  const parsed = SettingsSchema.safeParse(values, { reportInput: true });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) problems.push(...describe(issue, isSecret));
  throw new ConfigError("CONFIG_INVALID", problems);
}

/** What the program runs with. Secrets stay Outputs: they are read from Pulumi and pass through no parser of ours. */
export interface StackConfig {
  readonly settings: Settings;
  /** Secrets that the stack has, by the variable the Worker reads them from. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The SDK has this function, only its type declarations leave it out. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/** Reads the config of the stack that runs. The only place that asks Pulumi for config. */
export function readStack(): StackConfig {
  const config = new pulumi.Config(NAMESPACE);
  const secrets: Record<string, pulumi.Output<string>> = {};
  for (const [key, variable] of Object.entries(SECRET_VARIABLES)) {
    const secret = config.getSecret(key);
    if (secret) secrets[variable] = secret;
  }
  return { settings: parseSettings(pulumi.runtime.allConfig(), process.env, isConfigSecret), secrets };
}

function splitKey(fullKey: string): [namespace: string, key: string] {
  const colon = fullKey.indexOf(":");
  return [fullKey.slice(0, colon), fullKey.slice(colon + 1)];
}

/** One line per problem: `pool.size: found 99; expected a number up to 50`. */
function describe(issue: z.core.$ZodIssue, isSecret: (key: string) => boolean): string[] {
  const path = z.core.toDotPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[path, key].filter(Boolean).join(".")}: no such key; ${KNOWN_KEYS}`);
  }
  if (path === "accountId" && issue.input === undefined) {
    return ["accountId: found nothing; set CLOUDFLARE_ACCOUNT_ID or `pulumi config set wandstore:accountId …`"];
  }
  return [`${path}: found ${shown(issue, isSecret)}; ${allowed(issue)}`];
}

function shown({ input, path }: z.core.$ZodIssue, isSecret: (key: string) => boolean): string {
  if (input === undefined) return "nothing";
  return isSecret(`${NAMESPACE}:${String(path[0])}`) ? "a secret" : JSON.stringify(input);
}

const KNOWN_KEYS = "see infra/config/settings.ts for the keys there are";

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `expected one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.origin === "array" ? issue.message : `expected at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `expected at most ${issue.maximum} of them`
        : `expected at most ${issue.maximum}`;
    case "invalid_type":
      return issue.expected === "int" ? "expected a whole number" : `expected ${article(issue.expected)}`;
    default:
      return issue.message;
  }
}

const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);
