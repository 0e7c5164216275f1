import { z } from "zod";
import type { OPTIONAL_SECRETS, SECRETS as GENERATED_SECRETS } from "../../runtime/contract/bindings";

/** A variable by which the Worker reads a secret. */
export type SecretVariable = (typeof OPTIONAL_SECRETS)[number] | (typeof GENERATED_SECRETS)[number];

export interface SecretSetting {
  /** Absent for a secret that the Worker is not given. */
  readonly variable?: SecretVariable;
  readonly what: string;
  /** What holds where it is left out. */
  readonly otherwise: string;
  /** What it looks like, in a few words. */
  readonly form: string;
  readonly schema: z.ZodType<string>;
}

type Form = Pick<SecretSetting, "form" | "schema">;
const matching = (form: string, pattern: RegExp): Form => ({
  form,
  schema: z.string().regex(pattern, `expected ${form}`),
});
const atLeast = (length: number): Form =>
  matching(`${length} characters or more, no spaces`, new RegExp(`^\\S{${length},}$`));

const modelKey = (variable: SecretVariable, whose: string): SecretSetting => ({
  variable,
  what: `Key for ${whose}.`,
  otherwise: "the provider is left out, with a warning",
  ...matching("a key without spaces", /^\S+$/),
});
/** Shorter ones can be guessed: 32 characters are 128 bits even if they are hex digits. */
const ownKey = (variable: SecretVariable, what: string): SecretSetting => ({
  variable,
  what,
  otherwise: "made once and kept in the state, encrypted",
  ...atLeast(32),
});

/** Config keys that hold a secret. */
export const SECRET_SETTINGS = {
  kimiApiKey: modelKey("KIMI_API_KEY", "providers of kind `kimi`"),
  claudeApiKey: modelKey("CLAUDE_API_KEY", "providers of kind `claude`"),
  llmApiKey: modelKey("LLM_API_KEY", "providers of kind `openai`, whatever their `baseUrl`"),
  shopifyWebhookSecrets: {
    variable: "SHOPIFY_WEBHOOK_SECRETS",
    what: "What Shopify signs its webhooks with. Two, separated by a comma, while one takes the other's place.",
    otherwise: "Shopify's webhooks are refused",
    ...atLeast(16),
  },
  shopifyStorefrontTokens: {
    what: "Public access tokens for the Storefront API of stores whose catalogue is at Shopify.",
    otherwise: "Shopify gives no tags, no stock, and smaller pages",
    ...matching("`store=token`, several separated by commas", /^[a-z0-9-]+=[^\s,=]+(, ?[a-z0-9-]+=[^\s,=]+)*$/),
  },
  alertWebhookUrl: {
    variable: "ALERT_WEBHOOK_URL",
    what: "Address that the Worker posts alerts to, and Cloudflare its incidents. Whoever knows it can post there.",
    otherwise: "nobody is told of alerts on the stack's own figures",
    form: "an https address",
    schema: z.url({ protocol: /^https$/, error: "expected an https address" }),
  },
  shopperSigningKey: ownKey(
    "SHOPPER_SIGNING_KEY",
    "Signs the cookies and links by which a shopper is known. Two, separated by a comma, while one takes the other's place.",
  ),
  adminToken: ownKey("ADMIN_TOKEN", "Opens the Worker's routes for operators."),
  webhookSigningKey: ownKey(
    "WEBHOOK_SIGNING_KEY",
    "Signs the webhooks between our own parts. Two, separated by a comma, while one takes the other's place.",
  ),
} as const satisfies Record<string, SecretSetting>;
export type SecretKey = keyof typeof SECRET_SETTINGS;

export const isSecretKey = (key: string): key is SecretKey => Object.hasOwn(SECRET_SETTINGS, key);

/** How to set a secret: without its value on the command line, the CLI asks for it and no shell remembers it. */
export const howToSet = (key: string): string => `pulumi config set --secret wandstore:${key}`;

/**
 * What is wrong with a secret's value, without a word of it.
 * @param kept whether the stack keeps it encrypted.
 */
export function secretProblems(key: SecretKey, value: string, kept: boolean): string[] {
  const set = `\`${howToSet(key)}\``;
  if (value === "") return [`${key}: found an empty value; set it with ${set}, or leave the key out`];
  if (!kept) {
    const hint = "and where others may have seen the file, use a new one";
    return [`${key}: found a value in plain text; expected a secret. Set it with ${set}, ${hint}`];
  }
  const issue = SECRET_SETTINGS[key].schema.safeParse(value).error?.issues[0];
  return issue ? [`${key}: found a secret that cannot be right; ${issue.message}. Set it with ${set}`] : [];
}
