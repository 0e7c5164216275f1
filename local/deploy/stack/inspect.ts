import { parseSettings } from "../../../infra/config/parse";
import { connectionOf } from "../../../infra/providers/config";
import { messageOf } from "../errors";
import { StackFile } from "./file";
import { readStackConfig, type StackConfig } from "./project";
import { isEmbedded } from "./settings";

/** What a stack's file says of what its deployment needs. Holds no secret. */
export interface StackNeeds {
  /** Whether it lives in the embedded cloud; else in a real account. */
  embedded: boolean;
  /** What is wrong with the file, a sentence each. */
  problems: readonly string[];
  /** Names of the settings that are encrypted. */
  secrets: readonly string[];
  /** Who opens them: the passphrase, or a service by its address; undefined where nobody has been named yet. */
  secretsKeptBy: string | undefined;
  /** Why the passphrase of the environment does not open them; undefined where it does. */
  locked: string | undefined;
  accountId: string | undefined;
  hasToken: boolean;
  /** Address of Cloudflare's API. */
  baseUrl: string;
  /** An image that was built elsewhere: no Docker is needed. */
  hasImage: boolean;
  domain: string | undefined;
  /** Whether Cloudflare is to notify somebody. */
  notifies: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Stands for an account that is not said: whether it is, is another question. */
const ANY_ACCOUNT = "0".repeat(32);
/** A secret is not opened for this, and what stands for it is no right one. */
const NOT_OPENED = /^\w+: found a secret that cannot be right/;

/** Reads the file of a stack without opening a secret of it, and judges it as a preview would. */
export function inspectStack(projectDir: string, project: string, stack: string, env: Environment): StackNeeds {
  const nothing = {
    embedded: true,
    secrets: [],
    secretsKeptBy: undefined,
    locked: undefined,
    accountId: undefined,
    hasToken: false,
    baseUrl: connectionOf({}, env).baseUrl,
    hasImage: false,
    domain: undefined,
    notifies: false,
  };
  let config: StackConfig;
  let file: StackFile;
  try {
    config = readStackConfig(projectDir, project, stack, true);
    file = new StackFile(projectDir, stack);
  } catch (error) {
    return { ...nothing, problems: [messageOf(error)] };
  }
  const { values, secretKeys } = config;
  const problems = problemsOf(config, env);
  const kept = file.secretsProvider ?? (file.encryptionSalt === undefined ? undefined : "passphrase");
  const { baseUrl, apiToken } = connectionOf(
    values["cloudflare:baseUrl"] ? { baseUrl: values["cloudflare:baseUrl"] } : {},
    env,
  );
  const image = file.get(`${project}:image`, ["ref"]) ?? file.get(`${project}:rollback`, ["image"]);
  const domain = file.get(`${project}:worker`, ["domain"]);
  const emails = file.get(`${project}:alerts`, ["email"]);
  return {
    embedded: isEmbedded(config, project),
    problems,
    secrets: secretKeys,
    secretsKeptBy: kept,
    locked: kept === "passphrase" ? whyLocked(projectDir, project, stack, env) : undefined,
    accountId: values[`${project}:accountId`] ?? (env.CLOUDFLARE_ACCOUNT_ID || undefined),
    hasToken: apiToken !== "" || values["cloudflare:apiToken"] !== undefined,
    baseUrl,
    hasImage: image !== undefined,
    domain: typeof domain === "string" ? domain : undefined,
    notifies: (Array.isArray(emails) && emails.length > 0) || secretKeys.includes(`${project}:alertWebhookUrl`),
  };
}

function problemsOf({ values, secretKeys }: StackConfig, env: Environment): string[] {
  try {
    parseSettings(values, { CLOUDFLARE_ACCOUNT_ID: env.CLOUDFLARE_ACCOUNT_ID || ANY_ACCOUNT }, (key) =>
      secretKeys.includes(key),
    );
    return [];
  } catch (error) {
    const { problems } = error as { problems?: readonly string[] };
    return (problems ?? [messageOf(error)]).filter((problem) => !NOT_OPENED.test(problem));
  }
}

function whyLocked(projectDir: string, project: string, stack: string, env: Environment): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) {
    return "PULUMI_CONFIG_PASSPHRASE is not set";
  }
  try {
    readStackConfig(projectDir, project, stack, false, env);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
