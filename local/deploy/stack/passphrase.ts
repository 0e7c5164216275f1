import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { DeployError } from "../errors";

// All of it is the Pulumi CLI's own format (sdk/go/common/resource/config/crypt.go, pkg/secrets/passphrase/manager.go).
const VERSION = "v1";
const ITERATIONS = 1_000_000;
const SALT_BYTES = 8;
const KEY_BYTES = 32; // AES-256
const NONCE_BYTES = 12;
const TAG_BYTES = 16; // stands behind the ciphertext, as Go has it
/** What the salt's own ciphertext holds, so that a wrong passphrase is noticed. */
const PROBE = "pulumi";

/** Seals and opens the secrets of a stack file with its passphrase, just as the Pulumi CLI does. */
export class PassphraseBox {
  private constructor(
    private readonly key: Buffer,
    /** The file's `encryptionsalt`. */
    readonly salt: string,
  ) {}

  /** A box with a salt of its own, for a stack file that has none. */
  static fresh(passphrase: string): PassphraseBox {
    const salt = randomBytes(SALT_BYTES);
    const key = derive(passphrase, salt);
    return new PassphraseBox(key, `${VERSION}:${salt.toString("base64")}:${seal(key, PROBE)}`);
  }

  /** The box of a stack file. @throws DeployError SECRETS_LOCKED for another passphrase */
  static of(passphrase: string, encryptionSalt: string): PassphraseBox {
    const [version, salt, ...probe] = encryptionSalt.split(":");
    if (version !== VERSION || salt === undefined) {
      throw new DeployError("SECRETS_LOCKED", "encryptionsalt is not in a form that this program knows (v1:…)");
    }
    const key = derive(passphrase, Buffer.from(salt, "base64"));
    if (open(key, probe.join(":")) === PROBE) return new PassphraseBox(key, encryptionSalt);
    throw new DeployError(
      "SECRETS_LOCKED",
      "the passphrase is not the one that the stack's secrets were encrypted with; set PULUMI_CONFIG_PASSPHRASE to that one",
    );
  }

  /** The text as it stands under `secure`; another one each time. */
  seal(text: string): string {
    return seal(this.key, text);
  }

  /** Undoes `seal`. @throws DeployError SECRETS_LOCKED */
  open(sealed: string): string {
    const text = open(this.key, sealed);
    if (text !== undefined) return text;
    throw new DeployError(
      "SECRETS_LOCKED",
      "a secret of the stack cannot be opened: it was changed, or sealed elsewhere",
    );
  }
}

/** The passphrase that the environment names, as the CLI looks for it; an empty one is one too. */
export function passphraseOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new DeployError("SECRETS_LOCKED", `PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which cannot be read`, {
      cause,
    });
  }
}

const derive = (passphrase: string, salt: Buffer): Buffer =>
  pbkdf2Sync(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");

function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function open(key: Buffer, sealed: string): string | undefined {
  const [version, nonce = "", body = "", ...more] = sealed.split(":");
  const bytes = Buffer.from(body, "base64");
  const iv = Buffer.from(nonce, "base64");
  if (version !== VERSION || more.length > 0 || iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}
