/** Content-addressed files: `${root}/sha256/ab/abcdef…`. A blob is whole or absent, also after a crash. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { uuid } from "./ids";

/** SHA-256 as 64 lower-case hexadecimal digits. */
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** More bytes arrived than the caller allows. */
export class BlobTooLarge extends Error {
  constructor(readonly limitBytes: number) {
    super(`more than ${limitBytes} bytes`);
    this.name = "BlobTooLarge";
  }
}

export interface StoredBlob {
  sha256: string;
  /** Bytes. */
  size: number;
}

export class BlobStore {
  readonly #root: string;
  readonly #unfinished: string;

  constructor(root: string) {
    this.#root = join(root, "sha256");
    this.#unfinished = join(root, "unfinished");
    // What a crash left half-written has no name that anything refers to.
    rmSync(this.#unfinished, { recursive: true, force: true });
    mkdirSync(this.#unfinished, { recursive: true, mode: 0o700 });
  }

  async put(bytes: Uint8Array): Promise<StoredBlob> {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (!this.has(sha256)) {
      const temporary = this.newUnfinishedFile();
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#moveIn(temporary, sha256);
    }
    return { sha256, size: bytes.byteLength };
  }

  /** A new path inside the store's own folder for bytes that arrive in parts; `adopt` or `discard` ends it. */
  newUnfinishedFile(): string {
    return join(this.#unfinished, uuid());
  }

  /** Takes a finished file over under its digest; the file is gone afterwards, adopted or (if it was there) removed. */
  async adopt(path: string): Promise<StoredBlob> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    const sha256 = hash.digest("hex");
    const { size } = statSync(path);
    if (this.has(sha256)) await rm(path, { force: true });
    else await this.#moveIn(path, sha256);
    return { sha256, size };
  }

  has(sha256: string): boolean {
    return SHA256_HEX.test(sha256) && existsSync(this.path(sha256));
  }

  size(sha256: string): number {
    return statSync(this.path(sha256)).size;
  }

  /** Path of the file of a digest; throws where it is no digest, so that no other name ever becomes a path. */
  path(sha256: string): string {
    if (!SHA256_HEX.test(sha256)) throw new Error(`not a SHA-256 digest: ${JSON.stringify(sha256)}`);
    return join(this.#root, sha256.slice(0, 2), sha256);
  }

  read(sha256: string): Promise<Buffer> {
    return readFile(this.path(sha256));
  }

  stream(sha256: string): Readable {
    return createReadStream(this.path(sha256));
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }

  async #moveIn(temporary: string, sha256: string): Promise<void> {
    const path = this.path(sha256);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await rename(temporary, path);
  }
}

/** Appends a stream to a file and makes it durable. @throws {BlobTooLarge} over `limitBytes` in the whole file */
export async function appendToFile(path: string, from: Readable, limitBytes: number): Promise<number> {
  let size = existsSync(path) ? statSync(path).size : 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > limitBytes ? new BlobTooLarge(limitBytes) : null, chunk);
    },
  });
  await pipeline(from, counted, createWriteStream(path, { flags: "a", mode: 0o600, flush: true }));
  return size;
}
