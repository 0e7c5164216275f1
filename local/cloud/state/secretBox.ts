/** Secrets at rest: AES-256-GCM under a key file that only its owner can read. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { CloudError } from "../cloudError";
import { readOrCreatePrivateFile } from "./privateFile";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12; // NIST SP 800-38D, 8.2: 96 bits
const TAG_BYTES = 16;

export class SecretBox {
  readonly #key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Opens the key file, and makes one where there is none. */
  static fromFile(path: string): SecretBox {
    const key = Buffer.from(
      readOrCreatePrivateFile(path, () => randomBytes(KEY_BYTES).toString("base64")),
      "base64",
    );
    if (key.length !== KEY_BYTES) {
      throw new CloudError(
        "STATE_UNREADABLE",
        `The key file ${path} does not hold ${KEY_BYTES} bytes in base64. Restore it, or remove the state folder and deploy again.`,
      );
    }
    return new SecretBox(key);
  }

  /** Seals a text; the answer is base64 of IV, tag and ciphertext. */
  seal(text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv, { authTagLength: TAG_BYTES });
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** Opens what `seal` gave; throws where the key is another or the text was changed. */
  open(sealed: string): string {
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return text.toString("utf8");
  }
}
