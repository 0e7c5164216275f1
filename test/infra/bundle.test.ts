import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundleAll, bundleGenerator, bundleWorker, describeBundle } from "../../infra/bundle";

const SOURCES: Readonly<Record<string, string>> = {
  "runtime/client/index.ts": "const greeting: string = 'from the browser'; console.log(greeting);",
  "runtime/worker/index.ts": [
    'import { DurableObject } from "cloudflare:workers";',
    'import { createHash } from "node:crypto";',
    'import client from "wandstore:client";',
    'import { shared } from "../shared";',
    "export class Counter extends DurableObject {}",
    "export default { fetch: () => new Response(client + shared + createHash.name) };",
  ].join("\n"),
  "runtime/shared.ts": "/*! a licence */ export const shared: string = import.meta ? 'shared' : '';",
  "runtime/container/index.ts":
    'import { createServer } from "node:http"; declare const __BUILD_ID__: string; createServer((_q, s) => s.end(__BUILD_ID__)).listen(process.env["PORT"]);',
  "images/generator/Dockerfile": "FROM scratch\nCOPY server.js ./\n",
};

const folders: string[] = [];
function project(prefix: string, change: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), prefix));
  folders.push(root);
  for (const [path, text] of Object.entries({ ...SOURCES, ...change })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("the Worker is one module that has the browser script in it as text", () => {
  const root = project("bundle-");
  const { file, sha256, buildId } = bundleWorker(root, join(root, ".build/dev"));
  const code = readFileSync(file, "utf8");
  expect(file).toBe(join(root, ".build/dev/worker/index.js"));
  expect(code).toContain("from the browser");
  expect(code).toMatch(/from ?"cloudflare:workers"/);
  expect(code).toMatch(/from ?"node:crypto"/);
  expect(code).toMatch(/export\{.*Counter/);
  expect(code).not.toContain("wandstore:client");
  expect(buildId).toBe(sha256.slice(0, 12));
});

test("the generator's context is its Dockerfile and one file that Node runs", () => {
  const root = project("bundle-");
  const { folder, buildId, tag } = bundleGenerator(root, join(root, ".build/dev"));
  expect(readdirSync(folder).toSorted()).toEqual(["Dockerfile", "server.js"]);
  expect(tag).toMatch(/^[0-9a-f]{16}$/);
  expect(buildId).toMatch(/^[0-9a-f]{12}$/);
  expect(readFileSync(join(folder, "server.js"), "utf8")).toContain(`"${buildId}"`);
});

test("the image is labelled with its build id, after all that the Dockerfile says", () => {
  const root = project("bundle-");
  const { folder, buildId } = bundleGenerator(root, join(root, ".build/dev"));
  const lines = readFileSync(join(folder, "Dockerfile"), "utf8").split("\n");
  expect(lines).toEqual([
    "FROM scratch",
    "COPY server.js ./",
    "",
    `LABEL org.opencontainers.image.revision="${buildId}"`,
    "",
  ]);
});

test.each([
  [{ bytes: 585_957, gzipBytes: 168_474 }, "Worker 573 KiB (165 KiB gzip)"],
  [{ bytes: 1024, gzipBytes: 1025 }, "Worker 1 KiB (2 KiB gzip)"],
])("%j is described as %s", (bundle, text) => {
  expect(describeBundle(bundle)).toBe(text);
});

test("the same sources give the same bytes in another folder, and name neither", () => {
  const [a, b] = [project("bundle-a-"), project("another-place-")].map((root) => {
    const { worker, generator } = bundleAll(root, "dev");
    const files = [worker.file, worker.sourceMap.file, `${generator.folder}/server.js`];
    const code = files.map((file) => readFileSync(join(root, file), "utf8"));
    return { worker, generator, code };
  });
  expect(a).toEqual(b);
  expect(a?.worker.file).toBe(".build/dev/worker/index.js");
  expect(a?.worker.sourceMap.file).toBe(".build/dev/worker/index.js.map");
  expect(a?.generator.folder).toBe(".build/dev/generator");
  expect(a?.code.join()).not.toContain(tmpdir());
  expect(a?.code.join()).not.toContain("a licence");
});

test("a change of any source changes what it goes into, and nothing else", () => {
  const build = (change?: Record<string, string>) => {
    const root = project("bundle-", change);
    const { worker, generator } = bundleAll(root, "dev");
    return [worker.buildId, generator.tag];
  };
  const [buildId, tag] = build();
  expect(build({ "runtime/client/index.ts": "console.log('other')" })).toEqual([
    expect.not.stringMatching(buildId!),
    tag,
  ]);
  expect(build({ "images/generator/Dockerfile": "FROM other\n" })).toEqual([buildId, expect.not.stringMatching(tag!)]);
});

test("what has not changed is not written again", () => {
  const root = project("bundle-");
  const { file } = bundleWorker(root, join(root, ".build/dev"));
  const before = statSync(file).ino;
  bundleWorker(root, join(root, ".build/dev"));
  expect(statSync(file).ino).toBe(before);
});

test("a mistake in the sources names file and line", () => {
  const root = project("bundle-", { "runtime/shared.ts": "export const shared = ;" });
  expect(() => bundleWorker(root, join(root, ".build/dev"))).toThrow(/runtime\/shared\.ts:1:22/);
});
