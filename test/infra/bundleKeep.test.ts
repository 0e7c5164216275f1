import { mkdtempSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keep } from "../../infra/bundle/keep";

let root: string;
let made: number;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "wand-keep-"));
  made = 0;
  for (const name of ["a", "b"]) {
    writeFileSync(path.join(root, name), name);
    utimesSync(path.join(root, name), 1, 1); // two writes in one tick of the clock look alike
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Long after the files were written, for files as a checkout has them. */
const later = (): number => Date.now() + 60_000;
const ask = (key = "key", sources = ["a", "b"], now = later): number =>
  keep(
    key,
    root,
    (uses) => {
      uses(sources);
      return (made += 1);
    },
    now,
  );

test("what was made is kept while its sources stay as they are", () => {
  expect([ask(), ask(), ask()]).toEqual([1, 1, 1]);
  expect(ask("another")).toBe(2);
});

test.each<[string, () => void]>([
  ["changes", () => writeFileSync(path.join(root, "b"), "other")],
  ["changes and keeps its size", () => writeFileSync(path.join(root, "b"), "c")],
  ["is gone", () => unlinkSync(path.join(root, "b"))],
])("it is made anew when a source %s", (_how, change) => {
  ask();
  change();
  expect(ask()).toBe(2);
});

test("a file that is none of its sources has no say", () => {
  expect(ask("key", ["a"])).toBe(1);
  writeFileSync(path.join(root, "b"), "other");
  expect(ask("key", ["a"])).toBe(1);
});

test("sources that were written just before say nothing yet: a clock may not notice the next change", () => {
  const justAfter = (): number => statSync(path.join(root, "a")).ctimeMs + 900;
  expect([ask("key", ["a"], justAfter), ask("key", ["a"], justAfter)]).toEqual([1, 2]);
  const longAfter = (): number => justAfter() + 200;
  expect([ask("key", ["a"], longAfter), ask("key", ["a"], longAfter)]).toEqual([3, 3]);
});

test("what failed is tried again", () => {
  const fail = () =>
    keep("key", root, () => {
      throw new Error("no bundle");
    });
  expect(fail).toThrow("no bundle");
  expect(ask()).toBe(1);
});
