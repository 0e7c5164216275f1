import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleWorker } from "../../infra/bundle";

const SOURCES: Readonly<Record<string, string>> = {
  "runtime/client/index.ts": "console.log('from the browser')",
  "runtime/worker/index.ts": [
    'import client from "wandstore:client";',
    'import { mend } from "./routes/mend";',
    'import { fromPackage } from "a-package";',
    "export default { fetch: () => mend(client + fromPackage) };",
  ].join("\n"),
  "runtime/worker/routes/mend.ts": [
    "/** What comes before the fault. */",
    "interface Wand { cores: number }",
    "",
    "export function mend(name: string): Wand {",
    "  throw new Error(`cannot mend ${name.length}`);",
    "}",
  ].join("\n"),
};

const folders: string[] = [];
function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "map-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A project whose packages lie elsewhere, as they may. */
function project(change: Readonly<Record<string, string>> = {}): string {
  const packages = folderWith({
    "node_modules/a-package/package.json": '{"name":"a-package","main":"index.js"}',
    "node_modules/a-package/index.js": "exports.fromPackage = 'from a package';",
  });
  const root = folderWith({ ...SOURCES, ...change });
  symlinkSync(join(packages, "node_modules"), join(root, "node_modules"));
  return root;
}

function bundled(root: string) {
  const bundle = bundleWorker(root, join(root, ".build/dev"));
  const map = readFileSync(bundle.sourceMap.file, "utf8");
  return { ...bundle, map, code: readFileSync(bundle.file, "utf8") };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("a stack trace leads through the map to the file and line that threw", () => {
  const { file, map } = bundled(project());
  const module = join(dirname(file), "run.mjs"); // Node takes the bundle for a module by this name
  copyFileSync(file, module);
  const script = `import worker from ${JSON.stringify(pathToFileURL(module))}; worker.fetch();`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  const [, line, column] = /at .*run\.mjs:(\d+):(\d+)/.exec(stderr) ?? [];
  const origin = new SourceMap(JSON.parse(map)).findOrigin(Number(line), Number(column));
  expect(origin).toMatchObject({ fileName: "runtime/worker/routes/mend.ts", lineNumber: 5 });
});

test("the map names the sources from the project's folder on, and has neither their text nor a path of this machine", () => {
  const root = project();
  const { map, code } = bundled(root);
  const { sources, ...rest } = JSON.parse(map) as { sources: string[] };
  expect(sources.toSorted()).toEqual([
    "node_modules/a-package/index.js",
    "runtime/worker/index.ts",
    "runtime/worker/routes/mend.ts",
    "wandstore:client",
  ]);
  expect(Object.keys(rest).toSorted()).toEqual(["mappings", "names", "version"]);
  expect(map + code).not.toContain(tmpdir());
  expect(code.endsWith("\n//# sourceMappingURL=index.js.map\n")).toBe(true);
});

test("a comment changes the map, and neither the code nor the build id", () => {
  const comment = `// A line more.\n${SOURCES["runtime/worker/routes/mend.ts"]}`;
  const [before, after] = [bundled(project()), bundled(project({ "runtime/worker/routes/mend.ts": comment }))];
  expect(after.map).not.toBe(before.map);
  expect(after.sourceMap.sha256).not.toBe(before.sourceMap.sha256);
  expect([after.code, after.sha256, after.buildId]).toEqual([before.code, before.sha256, before.buildId]);
});

test("a source from outside of the project is refused by its name", () => {
  const outside = folderWith({ "stray.ts": "export const stray = Math.random();" });
  const root = project({
    "runtime/worker/routes/mend.ts": `import { stray } from ${JSON.stringify(join(outside, "stray.ts"))};\nexport const mend = (): number => stray;`,
  });
  expect(() => bundled(root)).toThrow(/stray\.ts is bundled but lies outside the project/);
});
