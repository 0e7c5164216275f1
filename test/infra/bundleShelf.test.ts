import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type * as Bundle from "../../infra/bundle";
import type * as Esbuild from "../../infra/bundle/esbuild";
import { findShelved, shelve } from "../../infra/bundle/shelf";

const FILES: Readonly<Record<string, string>> = {
  "runtime/container/index.ts":
    'import { word } from "../lib/word"; import { from } from "a-package"; console.log(word, from);',
  "runtime/lib/word.ts": 'export const word: string = "one";',
  "images/generator/Dockerfile": "FROM scratch\n",
  "package.json": "{}",
  "node_modules/a-package/package.json": '{"name":"a-package","main":"index.js"}',
  "node_modules/a-package/index.js": 'exports.from = "a package";',
  "node_modules/a-package/other.js": 'exports.from = "another file";',
};
/** Long after the files were written, for files as a checkout has them. */
const LATER_MS = 60_000;

const folders: string[] = [];
function project(files = FILES): string {
  const root = mkdtempSync(join(tmpdir(), "wand-shelf-"));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) write(root, file, text);
  return root;
}
function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const shelfOf = (root: string): string => join(root, "node_modules/.cache/wandstore-bundles");

/** Bundles as a process does that has just begun, and says how often esbuild ran. */
function bundleAnew(root: string, later = LATER_MS): { tag: string; builds: number } {
  let builds = 0;
  let tag = "";
  jest.spyOn(Date, "now").mockReturnValue(Date.now() + later);
  jest.isolateModules(() => {
    jest.doMock("../../infra/bundle/esbuild", () => {
      const real = jest.requireActual<typeof Esbuild>("../../infra/bundle/esbuild");
      const counted: typeof real.bundle = (...args) => ((builds += 1), real.bundle(...args));
      return { ...real, bundle: counted };
    });
    ({ tag } = (require("../../infra/bundle") as typeof Bundle).bundleGenerator(root, join(root, ".build/dev")));
  });
  jest.restoreAllMocks();
  return { tag, builds };
}

test("what one process bundled, the next one finds", () => {
  const root = project();
  const first = bundleAnew(root);
  expect(first.builds).toBe(1);
  rmSync(join(root, ".build"), { recursive: true });
  expect(bundleAnew(root)).toEqual({ ...first, builds: 0 });
  expect(existsSync(join(root, ".build/dev/generator/server.js"))).toBe(true);
});

test("times say nothing: of sources as they were it is found again, as after another checkout", () => {
  const root = project();
  const { tag } = bundleAnew(root);
  for (const file of Object.keys(FILES)) utimesSync(join(root, file), 1, 1);
  expect(bundleAnew(root)).toEqual({ tag, builds: 0 });
  write(root, "runtime/lib/word.ts", 'export const word: string = "two";');
  expect(bundleAnew(root).builds).toBe(1);
  write(root, "runtime/lib/word.ts", FILES["runtime/lib/word.ts"]!);
  expect(bundleAnew(root)).toEqual({ tag, builds: 0 });
});

test.each<[string, (root: string) => void]>([
  [
    "a source has other content, of the same size and with the same times",
    (root) => {
      const file = join(root, "runtime/lib/word.ts");
      const { atime, mtime, size } = statSync(file);
      writeFileSync(file, 'export const word: string = "two";');
      utimesSync(file, atime, mtime);
      expect(statSync(file).size).toBe(size);
    },
  ],
  ["a file beside a source comes first", (root) => write(root, "runtime/lib/word.tsx", 'export const word = "first";')],
  [
    "a package of a folder comes first",
    (root) => write(root, "runtime/node_modules/a-package/index.js", "exports.from = 1;"),
  ],
  [
    "a file of a package is its entry now",
    (root) => write(root, "node_modules/a-package/package.json", '{"main":"other.js"}'),
  ],
  ["npm installed something", (root) => write(root, "node_modules/.package-lock.json", '{"packages":{}}')],
  ["what the bundler is told changed", () => (process.env["NODE_PATH"] = "/somewhere")],
])("it is bundled anew when %s", (_what, change) => {
  const root = project();
  bundleAnew(root);
  try {
    change(root);
    expect(bundleAnew(root).builds).toBe(1);
    expect(bundleAnew(root).builds).toBe(0);
  } finally {
    delete process.env["NODE_PATH"];
  }
});

test.each<[string, string]>([
  ["a file that no import can mean", "runtime/lib/words.ts"],
  ["a package that nothing asks for", "node_modules/b-package/index.js"],
  ["a source of something else", "test/lib/word.ts"],
])("%s has no say", (_what, file) => {
  const root = project();
  bundleAnew(root);
  write(root, file, "export const other = 1;");
  expect(bundleAnew(root).builds).toBe(0);
});

test("a copy of the project that shares its packages finds it, too, and gets the same bytes", () => {
  const root = project();
  const copy = project(Object.fromEntries(Object.entries(FILES).filter(([file]) => !file.startsWith("node_modules"))));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const { tag } = bundleAnew(project());
  expect(bundleAnew(root)).toEqual({ tag, builds: 1 });
  expect(bundleAnew(copy)).toEqual({ tag, builds: 0 });
});

test("sources that were written just before are not kept: they may be changing", () => {
  const root = project();
  expect(bundleAnew(root, 0).builds).toBe(1);
  expect(existsSync(shelfOf(root))).toBe(false);
  expect(bundleAnew(root).builds).toBe(1);
  expect(bundleAnew(root).builds).toBe(0);
});

test("a project without packages of its own keeps nothing", () => {
  const root = project({
    ...FILES,
    "runtime/container/index.ts": 'import { word } from "../lib/word"; console.log(word);',
  });
  rmSync(join(root, "node_modules"), { recursive: true });
  expect([bundleAnew(root).builds, bundleAnew(root).builds]).toEqual([1, 1]);
  expect(existsSync(join(root, "node_modules"))).toBe(false);
});

describe("on the shelf", () => {
  const made = { value: { code: Buffer.from("code"), size: 4 }, sources: ["runtime/lib/word.ts"] };
  const later = (): number => Date.now() + LATER_MS;
  const shelved = (root: string): string => join(shelfOf(root), readdirSync(shelfOf(root))[0]!);

  test("data comes back as it was", () => {
    const root = project();
    shelve("key", root, made, later());
    expect(findShelved("key", root)).toEqual(made);
    expect(findShelved("another", root)).toBeUndefined();
  });

  test.each<[string, (file: string) => void]>([
    ["half a file", (file) => writeFileSync(file, readFileSync(file).subarray(0, -3))],
    [
      "a file with one other byte",
      (file) => writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, -1), Buffer.of(1)])),
    ],
    ["somebody's file", (file) => writeFileSync(file, "hello")],
    ["an empty file", (file) => writeFileSync(file, "")],
  ])("%s is not taken for what was kept, and gives way", (_what, spoil) => {
    const root = project();
    shelve("key", root, made, later());
    spoil(shelved(root));
    expect(findShelved("key", root)).toBeUndefined();
    shelve("key", root, made, later());
    expect(findShelved("key", root)).toEqual(made);
  });

  test("a source that is gone leaves nothing to find, and nothing to keep", () => {
    const root = project();
    shelve("key", root, made, later());
    rmSync(join(root, "runtime/lib/word.ts"));
    expect(findShelved("key", root)).toBeUndefined();
    shelve("other", root, made, later());
    expect(readdirSync(shelfOf(root))).toHaveLength(1);
  });

  test("what came while the sources were read may not be in what was made of them: nothing is kept", () => {
    const root = project();
    const readAt = later();
    write(root, "runtime/lib/word.tsx", 'export const word = "first";');
    utimesSync(join(root, "runtime/lib/word.tsx"), 1, 1); // a time that anybody can set has no say
    shelve("key", root, made, statSync(join(root, "runtime/lib/word.tsx")).ctimeMs + 900);
    expect(existsSync(shelfOf(root))).toBe(false);
    shelve("key", root, made, readAt);
    expect(findShelved("key", root)).toEqual(made);
  });

  test("sources from elsewhere are not kept", () => {
    const root = project();
    shelve("key", root, { ...made, sources: ["../elsewhere.ts"] }, later());
    expect(existsSync(shelfOf(root))).toBe(false);
  });

  test("a place that cannot be written to is no error", () => {
    const root = project();
    writeFileSync(join(root, "node_modules/.cache"), "a file where the folder should be");
    shelve("key", root, made, later());
    expect(findShelved("key", root)).toBeUndefined();
  });

  test("a folder in a file's place is left alone", () => {
    const root = project();
    shelve("key", root, made, later());
    const file = shelved(root);
    rmSync(file);
    mkdirSync(file);
    shelve("key", root, made, later());
    expect(findShelved("key", root)).toBeUndefined();
    expect(readdirSync(shelfOf(root))).toHaveLength(1);
  });

  test("it holds twelve; the one that was used least lately goes", () => {
    const root = project();
    const keys = Array.from({ length: 13 }, (_, number) => `key${number}`);
    const [first, second, ...rest] = keys as [string, string, ...string[]];
    const kept = (): string[] => readdirSync(shelfOf(root)).map((name) => name.split("-")[0]!);
    for (const [at, key] of [first, second, ...rest.slice(0, -1)].entries()) {
      shelve(key, root, made, later());
      for (const name of readdirSync(shelfOf(root)).filter((file) => file.startsWith(`${key}-`))) {
        utimesSync(join(shelfOf(root), name), at + 1, at + 1);
      }
    }
    expect(findShelved(first, root)).toEqual(made);
    shelve(keys.at(-1)!, root, made, later());
    expect(kept()).toHaveLength(12);
    expect(kept()).toContain(first);
    expect(kept()).not.toContain(second);
  });
});
