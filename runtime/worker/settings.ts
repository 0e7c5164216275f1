import * as z from "zod";
import { LLM_KEY_VARIABLES, LlmProvidersSchema } from "../contract/llm";
import { PROMPT_VERSIONS, type PromptVersion } from "../contract/promptVersion";
import { STORE_SLUG_PATTERN } from "../contract/store";
import type { Env } from "./env";
import { ThresholdsSchema } from "./metrics/alerts/thresholds";

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});

const SettingsSchema = z.object({
  ENVIRONMENT: z.string().min(1),
  BUILD_ID: z.string().min(1),
  POOL_SIZE: whole(1, 1000),
  MAX_QUEUE_DEPTH: whole(1, 100_000),
  GENERATION_CONCURRENCY: whole(1, 64),
  CACHE_TTL_SECONDS: whole(60, 86_400),
  STALE_SECONDS: whole(0, 30 * 86_400),
  PERSONALISATION_SCOPE: z.enum(["shopper", "cohort"]),
  GENERATION_TRIGGER: z.enum(["first-visit", "returning"]),
  LLM_PROVIDERS: json.pipe(LlmProvidersSchema),
  LLM_FORMAT: z.enum(["layout", "html"]),
  /** Undefined for no limit. */
  STORE_DAILY_BUDGET_USD: z.union([z.literal("").transform(() => undefined), z.coerce.number().positive()]),
  ALERT_RULES: json.pipe(ThresholdsSchema),
  JOB_DEADLINE_MS: whole(1000, 600_000),
  GENERATION_RETENTION_DAYS: whole(1, 365),
  UNSIGNED_LINKS: flag,
  DEBUG_ENABLED: flag,
  DEFAULT_STORE: z.string().regex(STORE_SLUG_PATTERN),
});

/** The stack's variables, checked and typed; keys are those of the bindings. */
export type Settings = Readonly<z.output<typeof SettingsSchema>> & {
  /** Whether a model can make layouts here: one is configured and its key is there. */
  readonly hasModel: boolean;
};

const known = new WeakMap<Env, Settings>();

/** The settings of this Worker. Throws, naming each variable, when the deployment gave something that cannot be. */
export function settingsOf(env: Env): Settings {
  const before = known.get(env);
  if (before !== undefined) return before;
  const parsed = SettingsSchema.safeParse(env);
  if (!parsed.success) throw new Error(`The Worker's variables are wrong.\n${z.prettifyError(parsed.error)}`);
  const hasModel = parsed.data.LLM_PROVIDERS.some(({ kind }) => (env[LLM_KEY_VARIABLES[kind]] ?? "") !== "");
  const settings = { ...parsed.data, hasModel };
  known.set(env, settings);
  return settings;
}

/** Says what makes layouts here; part of every persona hash, so a stack that gains a model serves no old template page. */
export function promptVersion(settings: Settings): PromptVersion {
  return PROMPT_VERSIONS[settings.hasModel ? settings.LLM_FORMAT : "template"];
}
