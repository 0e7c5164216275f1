/**
 * A process of its own for the test with SIGKILL: deploys shops that are lines in a file, with the journal of real runs.
 * Arguments: the state folder, the file, and whether it is to resume.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { JournalFile } from "../../../../infra/fleet/run/journal";
import { runFleet } from "../../../../infra/fleet/run/run";
import { newJournalFile, runToResume } from "../../../../infra/fleet/run/runs";
import type { StackChange, StackEngine } from "../../../../infra/fleet/engine";

const [stateDir = "", file = "", resume] = process.argv.slice(1);
const WAVES = [
  ["s0", "s1"],
  ["s2", "s3", "s4", "s5"],
  ["s6", "s7"],
];

const note = (line: string): void => appendFileSync(file, `${line}\n`);

const engine: StackEngine = {
  source: "embedded",
  preview: unused,
  destroy: unused,
  async up(stack) {
    note(`begin ${stack}`);
    await wait(20);
    note(`end ${stack}`);
    return { summary: { create: 1 }, outputs: { releaseId: "r", generatorBuildId: "b" } };
  },
  outputs: async () => undefined,
  async health(stack) {
    note(`ask ${stack}`);
    return { status: 200, builds: ["b"] };
  },
};

async function unused(): Promise<StackChange> {
  throw new Error("not used here");
}

async function main(): Promise<void> {
  const former = resume === "resume" ? runToResume(stateDir, "up") : undefined;
  const journalFile = former?.file ?? newJournalFile(stateDir, "up", 0);
  const journal = await (former ? JournalFile.append(journalFile) : JournalFile.create(journalFile));
  const begin = { kind: "begin", version: 1, at: 0, operation: "up", engine: "embedded", program: "p" } as const;
  await journal.write(former ? { kind: "resumed", at: 0 } : { ...begin, waves: WAVES });
  const sleep = async (ms: number): Promise<void> => void (await wait(ms));
  const report = await runFleet(
    { operation: "up", waves: WAVES, parallel: 2, maxFailures: 0, filesOf: () => "f" },
    {
      engine,
      journal,
      clock: { now: Date.now, sleep },
      signal: new AbortController().signal,
      onEvent: () => undefined,
      past: former?.past,
    },
  );
  process.stdout.write(JSON.stringify(report), () => process.exit());
}
void main();
