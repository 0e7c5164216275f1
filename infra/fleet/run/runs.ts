import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { FleetError } from "../errors";
import { LockHeld, takeLock } from "../lock";
import { readJournal } from "./journal";
import { pastOf, type Past } from "./past";
import type { Operation } from "./records";

/** A lock that nobody renewed for this long belongs to a process that is gone. */
const LOCK_STALE_MS = 10_000;
/** The same for a process that is known to be gone: the least that proper-lockfile takes. */
const GONE_STALE_MS = 2_000;
const JOURNAL = ".jsonl";

const folderOf = (stateDir: string): string => path.join(stateDir, "fleet");

/** Where a new run keeps its journal: named by its time, so that the names are in the order of the runs. */
export function newJournalFile(stateDir: string, operation: Operation, now: number): string {
  const time = new Date(now).toISOString().replaceAll(":", "");
  const file = path.join(folderOf(stateDir), `${time}-${operation}${JOURNAL}`);
  return existsSync(file) ? newJournalFile(stateDir, operation, now + 1) : file;
}

/** Where the report of a run goes, beside its journal. */
export const reportFileOf = (journal: string): string => journal.replace(/\.jsonl$/, ".report.json");

/**
 * The run to go on with: the newest, which has to be one that ended too early. Previews made nothing and come between no others:
 * whoever looks what is left to do can still go on.
 * @throws FleetError NOTHING_TO_RESUME, BAD_JOURNAL
 */
export function runToResume(stateDir: string, operation: Operation): { file: string; past: Past } {
  const folder = folderOf(stateDir);
  const isMeant = (name: string): boolean =>
    name.endsWith(JOURNAL) && name.endsWith(`-preview${JOURNAL}`) === (operation === "preview");
  const files = existsSync(folder) ? readdirSync(folder).filter(isMeant) : [];
  // One that was killed before its first line was written began nothing.
  const newest = files
    .toSorted()
    .toReversed()
    .map((name) => path.join(folder, name))
    .find((file) => readFileSync(file, "utf8").includes("\n"));
  if (newest === undefined) {
    throw new FleetError("NOTHING_TO_RESUME", `there is no run in ${folder}: start one without --resume`);
  }
  const past = pastOf(readJournal(newest), newest);
  if (!past.complete) return { file: newest, past };
  throw new FleetError(
    "NOTHING_TO_RESUME",
    `the last run, ${newest}, came to its end with nothing left to do: start a new one without --resume`,
  );
}

/**
 * Keeps other runs away until the function that is returned is called. Shops that are deployed one by one have locks of
 * their own.
 * @param lost is called when the lock was taken away: this process stood still for longer than a lock lives
 * @throws FleetError FLEET_LOCKED
 */
export async function lockFleet(stateDir: string, lost: () => void): Promise<() => Promise<void>> {
  const folder = folderOf(stateDir);
  mkdirSync(folder, { recursive: true });
  const owner = path.join(folder, "owner");
  try {
    return await takeLock(folder, owner, { staleMs: LOCK_STALE_MS, goneStaleMs: GONE_STALE_MS, lost });
  } catch (cause) {
    if (!(cause instanceof LockHeld)) throw cause;
    throw new FleetError(
      "FLEET_LOCKED",
      `a run over shops is under way in ${cause.by === undefined ? "another process" : `process ${cause.by}`} (${folder}): ` +
        "wait until it has ended, or stop it and go on with --resume",
      { cause },
    );
  }
}
