import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { bundleWorker, type WorkerBundle } from "../../infra/bundle";
import { sha256 } from "../../infra/bundle/write";

jest.setTimeout(120_000); // bundles of all that runs, in processes of their own

const ROOT = resolve(__dirname, "../..");
/** What a bundle is made of, and what makes it. */
const PARTS = ["runtime", "images", "infra/bundle", "bin/typescript.js", "bin/traces.js"];
const ONE_DAY_S = 86_400;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** @param packages shared as a whole, and with them what is kept of bundles, or each by itself. */
function copyOfTheProject(prefix: string, daysOld: number, packages: "as a whole" | "one by one"): string {
  const root = mkdtempSync(join(tmpdir(), prefix));
  folders.push(root);
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  const names = packages === "as a whole" ? [""] : readdirSync(join(ROOT, "node_modules"));
  if (packages === "one by one") mkdirSync(join(root, "node_modules"));
  for (const name of names.filter((entry) => !entry.startsWith("."))) {
    symlinkSync(join(ROOT, "node_modules", name), join(root, "node_modules", name));
  }
  const then = Date.now() / 1000 - daysOld * ONE_DAY_S;
  for (const file of filesBelow(root)) utimesSync(file, then, then);
  return root;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Bundles in a process of its own; what that process gives back, and each file with its mode and hash. */
function bundleThere(root: string, umask: number, env: NodeJS.ProcessEnv) {
  const script = `
    process.umask(${umask});
    require("./bin/typescript.js").loadTypeScript();
    process.stdout.write(JSON.stringify(require("./infra/bundle").bundleAll(process.cwd(), "dev")));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const build = join(root, ".build/dev");
  const files = filesBelow(build).map((file) => [
    relative(build, file),
    (statSync(file).mode & 0o777).toString(8),
    sha256(readFileSync(file)),
  ]);
  return { said: JSON.parse(stdout) as { worker: WorkerBundle }, files: files.toSorted() };
}

let here: ReturnType<typeof bundleThere>;
beforeAll(() => {
  here = bundleThere(copyOfTheProject("one-", 0, "one by one"), 0o022, { TZ: "UTC", LANG: "C", LC_ALL: "C" });
});

test("what runs is the same byte for byte, wherever, whenever and by whomever it is bundled", () => {
  const elsewhere = copyOfTheProject("a-folder-with-another-name-", 400, "one by one");
  const there = bundleThere(elsewhere, 0o077, {
    TZ: "Pacific/Kiritimati",
    LANG: "tr_TR.UTF-8",
    LC_ALL: "tr_TR.UTF-8",
    FORCE_COLOR: "1",
  });
  expect(there).toEqual(here);
  expect(existsSync(join(elsewhere, "node_modules/.cache/wandstore-bundles"))).toBe(false); // it was bundled, not found
  expect(here.files.map(([name, mode]) => `${name} ${mode}`)).toEqual([
    "generator/Dockerfile 644",
    "generator/server.js 644",
    "worker/client.txt 644",
    "worker/index.js 644",
    "worker/index.js.map 644",
  ]);
});

test("what other processes bundled of these sources and is found is the same byte for byte, too", () => {
  const shared = copyOfTheProject("shared-", 1, "as a whole");
  expect([1, 2].map(() => bundleThere(shared, 0o022, {}))).toEqual([here, here]);
});

test("the Worker stays far below Cloudflare's 10 MB, and its map below the 15 MB of a map", () => {
  const folder = mkdtempSync(join(tmpdir(), "size-"));
  folders.push(folder);
  const { bytes, gzipBytes, file, sourceMap } = bundleWorker(ROOT, folder);
  expect(bytes).toBe(statSync(file).size);
  expect(gzipBytes).toBeLessThan(256 * 1024);
  expect(statSync(sourceMap.file).size).toBeLessThan(2 * 1024 * 1024);
  // Every source of ours is named as it lies in the project, though the bundle lies outside of it.
  const { sources } = JSON.parse(readFileSync(sourceMap.file, "utf8")) as { sources: string[] };
  expect(sources.filter((name) => !/^(runtime\/(contract|lib|page|worker)|node_modules)\//.test(name))).toEqual([
    "wandstore:client",
  ]);
});
