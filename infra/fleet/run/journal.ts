import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { FleetError } from "../errors";
import { JournalRecord } from "./records";

/** Where a run notes what happens, before it goes on. */
export interface Journal {
  /** Resolves when the line is on the disk. @throws Error where it cannot be written */
  write(record: JournalRecord): Promise<void>;
}

/** A journal in a file: a line of JSON for each record, never rewritten. */
export class JournalFile implements Journal {
  /** Lines are written one after the other, in the order of the calls. */
  #last: Promise<void> = Promise.resolve();

  private constructor(private readonly handle: FileHandle) {}

  /** Begins a file, which must not be there. */
  static async create(file: string): Promise<JournalFile> {
    mkdirSync(path.dirname(file), { recursive: true });
    const handle = await open(file, "ax", 0o600);
    syncFolder(path.dirname(file));
    return new JournalFile(handle);
  }

  /** Goes on with a file; half a line, which a crash left at its end, is cut off. */
  static async append(file: string): Promise<JournalFile> {
    const handle = await open(file, "r+");
    const text = await handle.readFile();
    await handle.truncate(text.lastIndexOf("\n") + 1);
    await handle.close();
    return new JournalFile(await open(file, "a"));
  }

  write(record: JournalRecord): Promise<void> {
    const written = this.#last.then(() => this.#append(record));
    this.#last = written.catch(() => undefined); // whoever wrote it hears of it
    return written;
  }

  async #append(record: JournalRecord): Promise<void> {
    await this.handle.appendFile(`${JSON.stringify(record)}\n`);
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.#last;
    await this.handle.close();
  }
}

/** A name that was just made outlives a power cut only when its folder is on the disk, too. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return; // it opens no folders
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The records of a journal. Half a line at the end is what a crash left, and counts as not written.
 * @throws FleetError BAD_JOURNAL for any other line that is none
 */
export function readJournal(file: string): JournalRecord[] {
  const lines = readFileSync(file, "utf8").split("\n");
  lines.pop(); // empty, or half a line
  return lines.map((line, at) => {
    try {
      return JournalRecord.parse(JSON.parse(line));
    } catch (cause) {
      const todo = "restore it from a copy, or start a new run without --resume";
      throw new FleetError("BAD_JOURNAL", `${file}: line ${at + 1} is no record of a run; ${todo}`, { cause });
    }
  });
}
