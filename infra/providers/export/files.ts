import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** A file as it was written. */
export interface Written {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

const ONLY_OWNER = 0o600;

/** Writes a new file piece by piece. It is on the disk, not only in a cache, when this returns: what it copies goes next. */
export async function writeNew(path: string, pieces: AsyncIterable<Uint8Array | string>): Promise<Written> {
  const file = await open(path, "wx", ONLY_OWNER);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of pieces) {
      const chunk = typeof piece === "string" ? Buffer.from(piece) : piece;
      hash.update(chunk);
      await file.writeFile(chunk); // goes on where the last one ended
      bytes += chunk.length;
    }
    await file.sync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

/** Each value as a line of JSON. */
export async function* jsonLines(values: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}
