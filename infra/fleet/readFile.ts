import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { FleetError, type FleetErrorCode } from "./errors";

/** A file of text that somebody handed in. */
export interface TextFile {
  /** As it was named. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface ReadOptions {
  /** A longer file is refused before a byte of it is read. */
  readonly mostBytes: number;
  /** The error's code. */
  readonly code: FleetErrorCode;
}

/** What a zip begins with, and so every sheet of Excel. */
const ZIP = Buffer.from("PK");
const GZIP = Buffer.from([0x1f, 0x8b]);

/**
 * Reads a file of UTF-8 text that is not empty. Links, folders and devices are none, whatever they lead to.
 * @throws FleetError of the code that is given: what was found, and what to do
 */
export function readTextFile(file: string, { mostBytes, code }: ReadOptions): TextFile {
  const refuse = (why: string, cause?: unknown): FleetError => new FleetError(code, `${file} ${why}`, { cause });
  const check = (stat: Stats): void => {
    const why = faultOf(stat, mostBytes);
    if (why !== undefined) throw refuse(why);
  };
  let bytes: Buffer;
  let handle: number | undefined;
  try {
    check(lstatSync(file));
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    check(fstatSync(handle)); // it may be another file by now
    bytes = readFileSync(handle);
  } catch (cause) {
    if (cause instanceof FleetError) throw cause;
    const errno = (cause as NodeJS.ErrnoException).code;
    throw refuse(errno === "ENOENT" ? "is not there" : `cannot be read (${errno ?? String(cause)})`, cause);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  if (bytes.subarray(0, 2).equals(ZIP)) {
    throw refuse("is an archive or a sheet of Excel; unpack it, or save the sheet as comma-separated CSV (UTF-8)");
  }
  if (bytes.subarray(0, 2).equals(GZIP)) throw refuse("is compressed (gzip); unpack it");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return { file, bytes, text };
  } catch (cause) {
    throw refuse("is not UTF-8 text; save it again as UTF-8", cause);
  }
  throw refuse("is no text: it has NUL bytes");
}

/** What the file system says against it. */
function faultOf(stat: Stats, mostBytes: number): string | undefined {
  if (stat.isSymbolicLink()) return "is a symbolic link; name the file that it leads to";
  if (stat.isDirectory()) return "is a folder; name a file in it";
  if (!stat.isFile()) return "is no file";
  if (stat.size === 0) return "is empty";
  if (stat.size > mostBytes) return `has ${mebibytes(stat.size)}, and ${mebibytes(mostBytes)} are the most`;
  return undefined;
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MiB`;
