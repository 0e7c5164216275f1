import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./complete";
import { NAMESPACE, parseSettings } from "./parse";
import { SECRET_SETTINGS, type SecretSetting, type SecretVariable } from "./secrets";

export type { Settings } from "./complete";
export { ConfigError, type ConfigErrorCode } from "./errors";
export { parseSettings } from "./parse";
export type { SecretVariable } from "./secrets";
export { warningsOf } from "./warnings";

/** What the program runs with. Secrets are Outputs that Pulumi keeps encrypted. */
export interface StackConfig {
  readonly settings: Settings;
  /** Secrets of the Worker that the stack has, by the variable the Worker reads them from. */
  readonly secrets: Readonly<Partial<Record<SecretVariable, pulumi.Output<string>>>>;
  /** Address that alerts are posted to. */
  readonly alertWebhookUrl?: pulumi.Output<string>;
  /** The shops' tokens for reading their catalogues, `store=token` and so on. */
  readonly storefrontTokens?: pulumi.Output<string>;
  /** What the stack says of Cloudflare's provider (`cloudflare:*`), for ours: both have to reach the same account. */
  readonly cloudflare: { readonly baseUrl?: string; readonly apiToken?: pulumi.Output<string> };
}

/** The SDK has this function, only its type declarations leave it out. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Reads the config of the stack that runs. The only place that asks Pulumi for config.
 *
 * @throws ConfigError with every problem at once, those of secrets included: Pulumi gives the program their values, so
 *   that they are judged before anything is made, and none is repeated.
 */
export function readStack(): StackConfig {
  const settings = parseSettings(pulumi.runtime.allConfig(), process.env, isConfigSecret);
  const config = new pulumi.Config(NAMESPACE);
  const secrets: Partial<Record<SecretVariable, pulumi.Output<string>>> = {};
  for (const [key, { variable }] of Object.entries<SecretSetting>(SECRET_SETTINGS)) {
    const secret = config.getSecret(key);
    if (secret && variable) secrets[variable] = secret;
  }
  const alertWebhookUrl = config.getSecret("alertWebhookUrl");
  const storefrontTokens = config.getSecret("shopifyStorefrontTokens");
  return {
    settings,
    secrets,
    ...(alertWebhookUrl && { alertWebhookUrl }),
    ...(storefrontTokens && { storefrontTokens }),
    cloudflare: readCloudflare(),
  };
}

function readCloudflare(): StackConfig["cloudflare"] {
  const config = new pulumi.Config("cloudflare");
  const baseUrl = config.get("baseUrl");
  const apiToken = config.getSecret("apiToken");
  return { ...(baseUrl && { baseUrl }), ...(apiToken && { apiToken }) };
}
