import { existsSync, readFileSync, rmSync } from "node:fs";
import lockfile from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import { isRunning } from "./processes";

const RENEWED_MS = 1_000;
/** How often a lock is asked for while its holder may be gone, and for how much longer than the time in which it goes stale. */
const ASKED_EVERY_MS = 500;
const ASKED_LONGER_MS = 2_000;

/** Another process has the lock. */
export class LockHeld extends Error {
  override readonly name = "LockHeld";
  constructor(
    /** Its process id, where it is known. */
    readonly by: number | undefined,
    cause: unknown,
  ) {
    super("another process has the lock", { cause });
  }
}

export interface LockOptions {
  /** A lock that nobody renewed for this long belongs to a process that is gone. */
  readonly staleMs: number;
  /** The same where the holder is known to be gone; as `staleMs` unless it is given. */
  readonly goneStaleMs?: number;
  /** Called when the lock was taken away: this process stood still for longer than a lock lives. */
  readonly lost: () => void;
}

/**
 * Locks a path until the function that is returned is called, and notes in the file `owner` who has it. A holder that runs is not
 * waited for; one that may be gone is, until its lock is stale.
 * @throws LockHeld
 */
export async function takeLock(
  path: string,
  owner: string,
  { staleMs, goneStaleMs = staleMs, lost }: LockOptions,
): Promise<() => Promise<void>> {
  const by = ownerIn(owner);
  const stale = by === undefined || isRunning(by) ? staleMs : goneStaleMs;
  const tries = Math.ceil((staleMs + ASKED_LONGER_MS) / ASKED_EVERY_MS);
  const patience = { retries: tries, factor: 1, minTimeout: ASKED_EVERY_MS, maxTimeout: ASKED_EVERY_MS };
  const options = { realpath: false, stale, update: RENEWED_MS, onCompromised: lost };
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(path, { ...options, retries: isRunning(by) ? 0 : patience });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ELOCKED") throw cause;
    throw new LockHeld(ownerIn(owner), cause);
  }
  await writeFileAtomic(owner, String(process.pid));
  return async () => {
    rmSync(owner, { force: true });
    await release();
  };
}

function ownerIn(file: string): number | undefined {
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : Number.NaN;
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
