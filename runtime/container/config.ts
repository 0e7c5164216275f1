import * as z from "zod";
import { CONTAINER_PORT } from "../contract/bindings";
import { LLM_KEY_VARIABLES, LlmProvidersSchema, type LlmProvider } from "../contract/llm";

/** Put in by the bundler (`define`); absent where the sources run unbundled. */
// oxlint-disable-next-line no-underscore-dangle -- the usual look of a name that a bundler replaces
declare const __BUILD_ID__: string | undefined;

/** A provider that can be asked: it has a key. */
export interface ProviderWithKey {
  readonly provider: LlmProvider;
  readonly apiKey: string;
}

/** All that the generator takes from its environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Which bundle this is; a deployment waits until every container answers with the new one. */
  readonly buildId: string;
  /** In the order in which they are asked. */
  readonly providers: readonly ProviderWithKey[];
  /** Configured, but left out for want of a key. */
  readonly providersWithoutKey: readonly LlmProvider[];
}

/** The environment cannot be worked with; the message is one line and holds no secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const providersJson = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "has to be a JSON array of {kind, model, baseUrl?}" });
    return z.NEVER;
  }
});

const secret = z.string().trim().optional();

const EnvironmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(CONTAINER_PORT),
  HOST: z.string().default("0.0.0.0"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  BUILD_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "has to be 1 to 64 letters, digits, dots, underscores or hyphens")
    .default(typeof __BUILD_ID__ === "string" ? __BUILD_ID__ : "dev"),
  LLM_PROVIDERS: providersJson.pipe(LlmProvidersSchema).default([]),
  KIMI_API_KEY: secret,
  CLAUDE_API_KEY: secret,
  LLM_API_KEY: secret,
});

/**
 * Reads the environment once, strictly.
 *
 * @param env Variables as a process has them; an empty one counts as absent, as a Worker passes on what it lacks.
 * @throws {ConfigError} with every fault in one line.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = EnvironmentSchema.safeParse(given);
  if (!parsed.success) {
    // Paths and messages of zod name what is allowed and never repeat a value, so a secret cannot get in here.
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`The environment is wrong. ${faults.join("; ")}. Correct it and start again.`);
  }
  const settings = parsed.data;
  const providers: ProviderWithKey[] = [];
  const providersWithoutKey: LlmProvider[] = [];
  for (const provider of settings.LLM_PROVIDERS) {
    const apiKey = settings[LLM_KEY_VARIABLES[provider.kind]];
    if (apiKey === undefined || apiKey === "") providersWithoutKey.push(provider);
    else providers.push({ provider, apiKey });
  }
  return {
    port: settings.PORT,
    host: settings.HOST,
    logLevel: settings.LOG_LEVEL,
    buildId: settings.BUILD_ID,
    providers,
    providersWithoutKey,
  };
}
