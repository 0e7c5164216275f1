import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DeployError } from "../errors";
import { isObject, isSecret, mapValue, secret, SECRET_SIGNATURE, SIGNATURE_KEY, type Value } from "../engine/values";

const KEY_BYTES = 32; // AES-256
const NONCE_BYTES = 12; // what GCM is specified for
const TAG_BYTES = 16;

/** Opens and closes secrets at rest. `context` is bound to the text, so that one stack's state is no use in another's. */
export class SecretBox {
  constructor(
    private readonly key: Buffer,
    private readonly context: string,
  ) {}

  /** The box of a state folder; makes its key file, which only its owner can read, the first time. */
  static of(stateDir: string, context: string): SecretBox {
    const file = path.join(stateDir, "deploy.key");
    mkdirSync(stateDir, { recursive: true });
    try {
      writeFileSync(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      chmodSync(file, 0o600);
    }
    const key = Buffer.from(readFileSync(file, "utf8").trim(), "hex");
    if (key.length !== KEY_BYTES) {
      throw new DeployError("BAD_STATE", `${file} is not a key of ${KEY_BYTES} bytes in hex; restore it from a copy`);
    }
    return new SecretBox(key, context);
  }

  /** Replaces every secret in the value by its ciphertext. */
  seal<T extends Value>(value: T): T {
    return mapValue(value, (v) => {
      if (!isSecret(v)) return undefined;
      return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: this.#encrypt(JSON.stringify(v.value)) };
    }) as T;
  }

  /** Undoes `seal`. */
  open<T extends Value>(value: T): T {
    return mapValue(value, (v) => {
      if (!isObject(v) || v[SIGNATURE_KEY] !== SECRET_SIGNATURE || typeof v.ciphertext !== "string") return undefined;
      return secret(JSON.parse(this.#decrypt(v.ciphertext)) as Value);
    }) as T;
  }

  #encrypt(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce).setAAD(Buffer.from(this.context));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return `v1:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64")}`;
  }

  #decrypt(sealed: string): string {
    const bytes = Buffer.from(sealed.replace(/^v1:/, ""), "base64");
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(this.context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new DeployError(
        "BAD_STATE",
        "a secret in the state cannot be opened with deploy.key: restore the key file",
        {
          cause,
        },
      );
    }
  }
}
