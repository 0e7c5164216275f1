import { execFileSync } from "node:child_process";
import {
  cpSync,
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
import path from "node:path";

jest.setTimeout(120_000);

const ROOT = path.resolve(__dirname, "../..");
const SOURCE = `interface Wand { length: number }
/** A comment that the compiled code does not have,
 * and with it some lines. */
enum Wood { Oak = "oak" }

export const wood: string = Wood.Oak;
export const broken = (wand?: Wand): Error => new Error(String(wand?.length));
`;

let folder: string;
let compiled: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "wand-typescript-"));
  compiled = path.join(folder, "node_modules/.cache/wandstore-typescript");
  for (const name of ["typescript.js", "traces.js"])
    cpSync(path.join(ROOT, "bin", name), path.join(folder, "bin", name));
  mkdirSync(path.join(folder, "node_modules"));
  symlinkSync(path.join(ROOT, "node_modules/@swc"), path.join(folder, "node_modules/@swc"));
  writeFileSync(path.join(folder, "wood.ts"), SOURCE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a process of its own says of the source: what it exports, whether it compiled it, and a trace of it. */
function load(): { wood: string; compiles: boolean; trace: string } {
  const script = `
    require("./bin/typescript").loadTypeScript();
    const { wood, broken } = require("./wood");
    const compiles = Object.keys(require.cache).some((file) => file.endsWith(".node"));
    console.log(JSON.stringify({ wood, compiles, trace: broken({ length: 11 }).stack }));`;
  const said = execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8", timeout: 60_000 });
  return JSON.parse(said) as ReturnType<typeof load>;
}
const keptFile = (): string =>
  path.join(
    compiled,
    readdirSync(compiled).find((name) => name.endsWith(".js"))!,
  );

test("a source is compiled once for all processes, and its traces name its lines in each", () => {
  const [first, second] = [load(), load()];
  expect(first).toMatchObject({ wood: "oak", compiles: true });
  expect(second).toMatchObject({ wood: "oak", compiles: false });
  expect(first.trace).toMatch(/^Error: 11\n {4}at .*wood\.ts:7:\d+/);
  expect(second.trace).toBe(first.trace);
});

test("other content is compiled anew, though size and times are as they were", () => {
  load();
  const file = path.join(folder, "wood.ts");
  const { atime, mtime, size } = statSync(file);
  writeFileSync(file, SOURCE.replace('"oak"', '"ash"'));
  utimesSync(file, atime, mtime);
  expect(statSync(file).size).toBe(size);
  expect(load()).toMatchObject({ wood: "ash", compiles: true });
});

test.each<[string, (text: string) => string]>([
  ["half of it", (text) => text.slice(0, -20)],
  ["something else", (text) => text.replace("oak", "elm")],
  ["nothing", () => ""],
])("where %s is kept, the source is compiled anew and put in its place", (_what, spoil) => {
  load();
  writeFileSync(keptFile(), spoil(readFileSync(keptFile(), "utf8")));
  expect(load()).toMatchObject({ wood: "oak", compiles: true });
  expect(load()).toMatchObject({ wood: "oak", compiles: false });
});

test("without a map a trace names the lines of the compiled code, and nothing fails", () => {
  const { trace } = load();
  rmSync(keptFile().replace(/\.js$/, ".map"));
  expect(load().trace).toMatch(/^Error: 11\n {4}at .*wood\.ts:\d+:\d+/);
  expect(load().trace).not.toBe(trace);
});

test("where nothing can be kept, every process compiles", () => {
  mkdirSync(path.dirname(compiled), { recursive: true });
  writeFileSync(compiled, "a file where the folder should be");
  expect([load(), load()]).toMatchObject([
    { wood: "oak", compiles: true },
    { wood: "oak", compiles: true },
  ]);
});

test("what Pulumi's SDK needs for functions as text is loaded when that is asked for, and works", () => {
  const script = `
    const [, root, folder] = process.argv;
    process.chdir(folder);
    require(root + "/bin/lazy.js").loadWhenUsed();
    const { runtime } = require(root + "/node_modules/@pulumi/pulumi");
    // One file of the compiler, and one that only the installer asks for.
    const loaded = () => ["typescript/lib/typescript.js", "pacote/lib/index.js"].map((file) => require.cache[root + "/node_modules/" + file] !== undefined);
    (async () => {
      const before = loaded();
      const { text } = await runtime.serializeFunction(() => 6 * 7);
      const paths = await runtime.computeCodePaths();
      console.log(JSON.stringify({ before, text, paths: [...paths.keys()], after: loaded() }));
    })();`;
  writeFileSync(path.join(folder, "package.json"), '{"name":"wand","version":"1.0.0"}');
  const args = ["--no-warnings", "-e", script, ROOT, folder];
  const said = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 })) as unknown;
  expect(said).toMatchObject({ before: [false, false], after: [true, true], text: expect.stringContaining("6 * 7") });
});
