import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { readJournal } from "../../../../infra/fleet/run/journal";
import { pastOf, type Past } from "../../../../infra/fleet/run/past";
import type { FleetReport } from "../../../../infra/fleet/run/report";

jest.setTimeout(180_000);

const ROOT = path.resolve(__dirname, "../../../..");
const SHOPS = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
const folder = mkdtempSync(path.join(tmpdir(), "wand-fleet-"));
const log = path.join(folder, "log");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]): ChildProcess {
  const program = `require("./bin/typescript.js").loadTypeScript(); require("./test/infra/fleet/run/slowFleet.ts");`;
  return spawn(process.execPath, ["--eval", program, "--", folder, log, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const lines = (): string[] => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("close", resolve));

function journal(): Past {
  const [name, ...others] = readdirSync(path.join(folder, "fleet")).filter((file) => file.endsWith(".jsonl"));
  expect(others).toEqual([]); // a run has one journal, however often it is resumed
  const file = path.join(folder, "fleet", name!);
  return pastOf(readJournal(file), file);
}

test("a run that is killed at any moment is resumed: no shop is left out, and none that was noted is done again", async () => {
  let noted: ReadonlyMap<string, unknown> = new Map();
  // Lines more than there were, after which it is killed: in the first wave, between two, in the middle of the second, …
  for (const [at, more] of [1, 4, 3, 5].entries()) {
    const before = lines().length;
    const child = start(...(at === 0 ? [] : ["resume"]));
    const closed = ended(child);
    while (lines().length < before + more && child.exitCode === null) await wait(2);
    child.kill("SIGKILL");
    await closed;
    const begun = lines().slice(before);
    expect(begun.filter((line) => line.startsWith("begin ") && noted.has(line.slice(6)))).toEqual([]);
    const former = noted;
    noted = journal().reached;
    expect([...former.keys()].filter((stack) => !noted.has(stack))).toEqual([]);
  }
  const before = lines().length;
  const last = start("resume");
  const [said] = await Promise.all([text(last.stdout!), ended(last)]);
  const report = JSON.parse(said) as FleetReport;
  expect(report.shops.map(({ stack }) => stack)).toEqual(SHOPS);
  expect(report.shops.filter(({ state }) => !state.startsWith("done"))).toEqual([]);
  const begun = lines()
    .slice(before)
    .flatMap((line) => (line.startsWith("begin ") ? [line.slice(6)] : []));
  expect(begun.toSorted()).toEqual(SHOPS.filter((stack) => !noted.has(stack)));
  expect(journal().complete).toBe(true);
});
