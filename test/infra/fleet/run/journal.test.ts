import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { JournalFile, readJournal } from "../../../../infra/fleet/run/journal";
import { checkSame, pastOf, type Identity } from "../../../../infra/fleet/run/past";
import { lockFleet, newJournalFile, reportFileOf, runToResume } from "../../../../infra/fleet/run/runs";
import { beginOf } from "./double";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "wand-journal-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const begin = beginOf([["a"], ["b"]]);
const verified = (stack: string) => ({ kind: "verified", at: 1, stack, build: "b" }) as const;

async function written(name: string, ...more: Parameters<JournalFile["write"]>[0][]): Promise<string> {
  const file = path.join(folder, "fleet", name);
  const journal = await JournalFile.create(file);
  await Promise.all([begin, ...more].map((record) => journal.write(record)));
  await journal.close();
  return file;
}

test("lines come back in the order in which they were written", async () => {
  const file = await written("j.jsonl", verified("a"), verified("b"));
  expect(readJournal(file)).toEqual([begin, verified("a"), verified("b")]);
});

test("half a line at the end counts as not written, and what comes later does not stick to it", async () => {
  const file = await written("j.jsonl", verified("a"));
  appendFileSync(file, '{"kind":"verified","at":2,"stack":"b');
  expect(readJournal(file)).toEqual([begin, verified("a")]);
  const journal = await JournalFile.append(file);
  await journal.write(verified("b"));
  await journal.close();
  expect(readJournal(file)).toEqual([begin, verified("a"), verified("b")]);
});

test.each([
  ["no JSON", "verified b\n"],
  ["a record of another kind", '{"kind":"dreamt","at":1}\n'],
])("a whole line that is %s is refused, with its number", async (_what, line) => {
  const file = await written("j.jsonl");
  appendFileSync(file, line);
  appendFileSync(file, `${JSON.stringify(verified("a"))}\n`);
  expect(() => readJournal(file)).toThrow(/line 2 is no record of a run; restore it from a copy/);
});

test("a journal is never begun over another one", async () => {
  const file = await written("j.jsonl");
  await expect(JournalFile.create(file)).rejects.toMatchObject({ code: "EEXIST" });
});

test("runs of one moment have journals of their own, the newer one later by name", async () => {
  const first = newJournalFile(folder, "up", 0);
  await written(path.basename(first));
  expect([first, newJournalFile(folder, "destroy", 0)].map((file) => path.basename(file))).toEqual([
    "1970-01-01T000000.000Z-up.jsonl",
    "1970-01-01T000000.000Z-destroy.jsonl",
  ]);
  expect(path.basename(newJournalFile(folder, "up", 0))).toBe("1970-01-01T000000.001Z-up.jsonl");
  expect(reportFileOf(first)).toMatch(/1970-01-01T000000\.000Z-up\.report\.json$/);
});

test("the newest run is the one to resume, when it ended too early", async () => {
  expect(() => runToResume(folder, "up")).toThrow(/there is no run in .*fleet: start one without --resume/);
  await written("2026-01-01T000000Z-up.jsonl", { kind: "ended", at: 1, ok: false });
  const file = await written("2026-01-02T000000Z-up.jsonl", verified("a"));
  writeFileSync(path.join(folder, "fleet", "2026-01-03T000000Z-up.jsonl"), '{"kind":"be'); // killed in its first line
  expect(runToResume(folder, "up")).toMatchObject({ file, past: { complete: false } });
  const looked = await written("2026-01-04T000000Z-preview.jsonl", { kind: "ended", at: 1, ok: false });
  expect(runToResume(folder, "up").file).toBe(file); // a preview in between made nothing
  expect(runToResume(folder, "destroy").file).toBe(file); // which is refused later: it was another operation
  expect(runToResume(folder, "preview").file).toBe(looked);
  appendFileSync(file, `${JSON.stringify({ kind: "ended", at: 2, ok: true })}\n`);
  expect(() => runToResume(folder, "up")).toThrow(/came to its end with nothing left to do/);
});

const same: Identity = { operation: "up", engine: "embedded", program: "p" };
test.each<[string, Partial<Identity>, RegExp]>([
  ["another program", { program: "q" }, /the program \(infra, runtime, .*\) is another one now/],
  ["another image", { image: { ref: "r" } }, /its image was built here, and this is r/],
  ["another operation", { operation: "destroy" }, /it was up, and this is destroy/],
  ["another engine", { engine: "pulumi" }, /deployed by embedded, and this is pulumi/],
])("%s is another run", (_what, change, why) => {
  const past = pastOf([begin], "j.jsonl");
  expect(() => checkSame(past, { ...same, ...change }, ["a", "b"], "j.jsonl")).toThrow(why);
  expect(() => checkSame(past, same, ["a", "b", "c"], "j.jsonl")).not.toThrow(); // a new shop is for the next run
});

test("a shop that is gone since cannot be left out in silence", () => {
  const past = pastOf([begin], "j.jsonl");
  expect(() => checkSame(past, same, ["a"], "j.jsonl")).toThrow(/b have no stack file any more/);
});

test("two runs at once are refused, and the lock is free after the first", async () => {
  const lost = jest.fn();
  const release = await lockFleet(folder, lost);
  await expect(lockFleet(folder, lost)).rejects.toThrow(`under way in process ${process.pid}`);
  await release();
  await (
    await lockFleet(folder, lost)
  )();
  expect(readdirSync(path.join(folder, "fleet"))).toEqual([]);
  expect(lost).not.toHaveBeenCalled();
});
