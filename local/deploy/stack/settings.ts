import { DeployError } from "../errors";
import type { CloudConnection } from "../../cloud";
import type { StackConfig } from "./project";

/** Stands for an account in a preview that reaches none. */
const OFFLINE_ACCOUNT = "0".repeat(32);
/** What the providers of keys from the environment are asked for, unless the stack says otherwise. */
const DEFAULT_MODELS = { kimi: "kimi-k2.6", claude: "claude-haiku-5-5" } as const;
/** Variables that carry a key of a model, and the config key each becomes. */
const KEYS = { KIMI_API_KEY: "kimiApiKey", CLAUDE_API_KEY: "claudeApiKey", LLM_API_KEY: "llmApiKey" } as const;

type Environment = Readonly<Record<string, string | undefined>>;
interface Llm {
  providers?: { kind: string; model: string; baseUrl?: string }[];
  [setting: string]: unknown;
}

/** Whether a stack may live in the embedded cloud; the others belong to a real account. */
export function isEmbedded(config: StackConfig, project: string): boolean {
  const environment = config.values[`${project}:environment`];
  return environment !== "staging" && environment !== "prod";
}

/**
 * What the program is told over what the stack file says: the account and the edge of the embedded cloud, and the models
 * of the environment. Offline an account that is nowhere stands in, unless the stack, its image or the environment names one.
 */
export function withSurroundings(
  config: StackConfig,
  project: string,
  cloud: CloudConnection | undefined,
  env: Environment,
): StackConfig {
  const key = (name: string): string => `${project}:${name}`;
  if (cloud === undefined) {
    const named = config.values[key("accountId")] || env.CLOUDFLARE_ACCOUNT_ID;
    const images = `${config.values[key("image")]} ${config.values[key("rollback")]}`;
    const accountId = named || (accountOfImage(images) ?? OFFLINE_ACCOUNT);
    return { ...config, values: { ...config.values, [key("accountId")]: accountId } };
  }
  const values = { ...config.values, [key("accountId")]: cloud.accountId, [key("edgeUrl")]: cloud.edgeUrl };
  const secretKeys = [...config.secretKeys];
  for (const [variable, name] of Object.entries(KEYS)) {
    const secret = env[variable];
    if (secret === undefined || secret === "") continue;
    values[key(name)] = secret;
    secretKeys.push(key(name));
  }
  const llm = JSON.parse(values[key("llm")] ?? "{}") as Llm;
  const providers = withModels(llm.providers ?? [], env);
  if (providers.length > 0) values[key("llm")] = JSON.stringify({ ...llm, providers });
  return { values, secretKeys };
}

/** The account in whose registry a built image is: no other one could run it. */
const accountOfImage = (images: string): string | undefined =>
  /registry\.cloudflare\.com\/([0-9a-f]{32})\//.exec(images)?.[1];

function withModels(configured: NonNullable<Llm["providers"]>, env: Environment): NonNullable<Llm["providers"]> {
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: model } = env;
  if ((baseUrl ?? "") === "" && (model ?? "") === "") return addKeyed(configured, env);
  if (!baseUrl || !model) {
    const [there, missing] = baseUrl ? ["LLM_BASE_URL", "LLM_MODEL"] : ["LLM_MODEL", "LLM_BASE_URL"];
    throw new DeployError("BAD_STACK_FILE", `the environment has ${there} without ${missing}: set both or neither`);
  }
  return [{ kind: "openai", model, baseUrl }, ...addKeyed(configured, env).filter(({ kind }) => kind !== "openai")];
}

/** A key in the environment brings its provider where the stack does not name it. */
function addKeyed(configured: NonNullable<Llm["providers"]>, env: Environment): NonNullable<Llm["providers"]> {
  const has = (kind: string): boolean => configured.some((provider) => provider.kind === kind);
  const added = [
    ...(env.KIMI_API_KEY && !has("kimi") ? [{ kind: "kimi", model: DEFAULT_MODELS.kimi }] : []),
    ...(env.CLAUDE_API_KEY && !has("claude") ? [{ kind: "claude", model: DEFAULT_MODELS.claude }] : []),
  ];
  return [...added, ...configured];
}
