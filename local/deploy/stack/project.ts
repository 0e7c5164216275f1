import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { DeployError } from "../errors";
import { PassphraseBox, passphraseOf } from "./passphrase";

const ProjectSchema = z.looseObject({ name: z.string().min(1), main: z.string().default(".") });
/** A value that the Pulumi CLI encrypted. */
const SecureSchema = z.strictObject({ secure: z.string() });
const StackSchema = z.looseObject({
  config: z.record(z.string(), z.unknown()).nullish(),
  encryptionsalt: z.string().optional(),
});

/** Stands for a secret in a preview that makes nothing: long enough for a key, and an address where one is expected. */
const SECRET_PLACEHOLDER = "https://secret.invalid/that-only-the-passphrase-of-the-stack-can-open";

export interface StackConfig {
  values: Record<string, string>;
  secretKeys: string[];
}

function readYaml<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(parse(readFileSync(file, "utf8")) ?? {});
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new DeployError("BAD_STACK_FILE", `${file} cannot be read: ${why}`, { cause });
  }
}

/** Name and entry of the project, from its Pulumi.yaml. */
export function readProject(projectDir: string): { name: string; main: string } {
  return readYaml(path.join(projectDir, "Pulumi.yaml"), ProjectSchema);
}

/** What `secure` holds, opened. */
type OpenSecret = (sealed: string) => string;

/**
 * The config of a stack as the CLI would hand it to the program: objects as JSON, keys with their namespace, and a secret
 * wherever something in the value is one. Offline a placeholder stands for what is under `secure`; else it is opened with
 * the passphrase that the environment names.
 *
 * @param file is read in place of the stack's own.
 * @throws DeployError STACK_NOT_FOUND, BAD_STACK_FILE, SECRETS_LOCKED
 */
export function readStackConfig(
  projectDir: string,
  project: string,
  stack: string,
  offline: boolean,
  env: Readonly<Record<string, string | undefined>> = {},
  file = path.join(projectDir, `Pulumi.${stack}.yaml`),
): StackConfig {
  if (!existsSync(file)) {
    throw new DeployError("STACK_NOT_FOUND", `there is no ${file}: write it, or name another stack with --stack`);
  }
  const { config: written, encryptionsalt } = readYaml(file, StackSchema);
  const open = offline ? () => SECRET_PLACEHOLDER : opener(file, encryptionsalt, env);
  const config: StackConfig = { values: {}, secretKeys: [] };
  for (const [key, value] of Object.entries(written ?? {})) {
    const full = key.includes(":") ? key : `${project}:${key}`;
    let isSecret = false;
    const plain = opened(value, (sealed) => {
      isSecret = true;
      return open(sealed);
    });
    config.values[full] = typeof plain === "string" ? plain : JSON.stringify(plain);
    if (isSecret) config.secretKeys.push(full);
  }
  return config;
}

/** The value with all that is under a `secure` in it replaced. */
function opened(value: unknown, open: OpenSecret): unknown {
  const secure = SecureSchema.safeParse(value);
  if (secure.success) return open(secure.data.secure);
  if (Array.isArray(value)) return value.map((item) => opened(item, open));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item, open)]));
}

/** Opens secrets with the environment's passphrase; the key, which takes half a second, is made for the first of them. */
function opener(file: string, salt: string | undefined, env: Readonly<Record<string, string | undefined>>): OpenSecret {
  let box: PassphraseBox | undefined;
  return (sealed) => {
    if (box !== undefined) return box.open(sealed);
    const passphrase = passphraseOf(env);
    if (salt !== undefined && passphrase !== undefined) return (box = PassphraseBox.of(passphrase, salt)).open(sealed);
    const how = salt === undefined ? "deploy with the Pulumi CLI" : "set PULUMI_CONFIG_PASSPHRASE to its passphrase";
    throw new DeployError(
      "SECRETS_LOCKED",
      `${file} holds encrypted secrets: ${how}, or take them out and give the keys of models ` +
        "through the environment",
    );
  };
}
