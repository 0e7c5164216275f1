import { isSecretKey } from "../../../infra/config/secrets";
import { parsePath, type PathStep } from "../engine/propertyPath";
import { DeployError } from "../errors";
import { StackFile, type ConfigValue } from "./file";
import { PassphraseBox, passphraseOf } from "./passphrase";

export interface ConfigSetOptions {
  projectDir: string;
  /** Name of the project: the namespace of keys that have none. */
  project: string;
  stack: string;
  key: string;
  value: string;
  /** Encrypt the value with the stack's passphrase. */
  secret: boolean;
  /** The key is a path, such as `pool.size`. */
  path: boolean;
  /** Write a value in plain text although its key sounds like a secret's. */
  plaintext: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

/** Names that the CLI takes for those of secrets. */
const SOUNDS_SECRET = /passwd|pass|password|pwd|secret|token/i;
const OURS = "wandstore:";

/**
 * Sets one value of a stack's file, as `pulumi config set` does.
 * @throws DeployError, and the file is as it was
 */
export async function setConfig(options: ConfigSetOptions): Promise<{ file: string; key: string; changed: boolean }> {
  const { projectDir, stack, value, secret, env } = options;
  const [key, below] = parseKey(options);
  checkSecrecy(key, below, options);
  const file = new StackFile(projectDir, stack);
  file.set(key, secret ? { secure: boxOf(file, env).seal(value) } : below.length > 0 ? typed(value) : value, below);
  return { file: file.file, key, changed: await file.save() };
}

/** Our own keys are secrets or are none; those of others are judged by their names, as the CLI does. */
function checkSecrecy(key: string, below: readonly PathStep[], options: ConfigSetOptions): void {
  const { secret, plaintext } = options;
  if (key.startsWith(OURS)) {
    const isKept = isSecretKey(key.slice(OURS.length));
    if (isKept === secret) return;
    const why = isKept ? "is a secret: add --secret to encrypt it" : "is no secret setting: leave --secret out";
    throw new DeployError("SECRETS_LOCKED", `${key} ${why}`);
  }
  if (secret || plaintext || !SOUNDS_SECRET.test(String(below.at(-1) ?? key))) return;
  throw new DeployError(
    "SECRETS_LOCKED",
    `${options.key} sounds like a secret: add --secret to encrypt it, or --plaintext if everyone may read it`,
  );
}

function parseKey({ key, path, project }: ConfigSetOptions): [key: string, below: PathStep[]] {
  const end = path ? key.search(/[.[]/) : -1;
  const top = end > 0 ? key.slice(0, end) : key;
  const full = top.includes(":") ? top : `${project}:${top}`;
  if (!/^[^:\s]+:[^:\s]+$/.test(full)) {
    throw new DeployError(
      "BAD_STACK_FILE",
      `"${key}" is no key: it reads name or namespace:name (with --path name.part)`,
    );
  }
  if (end <= 0) return [full, []];
  try {
    return [full, parsePath(`_${key.slice(end)}`).slice(1)];
  } catch (cause) {
    throw new DeployError("BAD_STACK_FILE", `"${key}" is no path; it reads name.part[0]["another part"]`, { cause });
  }
}

/** Below the top the CLI takes `true`, `false` and whole numbers for what they look like. */
function typed(value: string): ConfigValue {
  if (value === "true" || value === "false") return value === "true";
  const number = Number(value);
  return /^(0|-?[1-9]\d*)$/.test(value) && Number.isSafeInteger(number) ? number : value;
}

function boxOf(file: StackFile, env: ConfigSetOptions["env"]): PassphraseBox {
  const cli = "or use `pulumi config set --secret`";
  if (file.secretsProvider !== undefined) {
    throw new DeployError(
      "SECRETS_LOCKED",
      `${file.file} keeps its secrets with ${file.secretsProvider}, which only the Pulumi CLI can ask: ${cli.slice(3)}`,
    );
  }
  const passphrase = passphraseOf(env);
  if (passphrase === undefined) {
    const which =
      file.encryptionSalt === undefined
        ? "a passphrase of your choice, which every later command on the stack takes"
        : "that of the secrets which are there";
    throw new DeployError(
      "SECRETS_LOCKED",
      `a secret of ${file.file} is encrypted with the stack's passphrase: set PULUMI_CONFIG_PASSPHRASE (${which}), ${cli}`,
    );
  }
  if (file.encryptionSalt !== undefined) return PassphraseBox.of(passphrase, file.encryptionSalt);
  const box = PassphraseBox.fresh(passphrase);
  file.encryptionSalt = box.salt;
  return box;
}
