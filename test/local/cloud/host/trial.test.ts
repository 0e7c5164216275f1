import type { Host, TrialSpec } from "../../../../local/cloud/host";
import { eventually, TestClock } from "../support";
import { HostFolder } from "./support";

let folder: HostFolder;
let host: Host;
const clock = new TestClock();
beforeAll(async () => {
  folder = await HostFolder.create();
  host = await folder.start({ clock });
});
afterAll(() => folder.remove());

const spec = (code: string, more: Partial<TrialSpec> = {}): TrialSpec => ({
  mainModule: "src/index.js",
  modules: [{ name: "src/index.js", type: "esm", content: Buffer.from(code) }],
  compatibilityDate: "2026-07-01",
  compatibilityFlags: ["nodejs_compat"],
  variables: {},
  others: [],
  ...more,
});
const started = { startupTimeMs: expect.any(Number) };

test("code starts, whatever handlers it has, and none of them is called", async () => {
  for (const code of [
    "export default { fetch() { throw new Error('called') } };",
    "export default { scheduled() {} };",
    "import { DurableObject } from 'cloudflare:workers'; export class Only extends DurableObject {}",
    "",
  ]) {
    expect(await host.tryStart(spec(code))).toEqual(started);
  }
});

test.each([
  [
    "throws",
    "const a = 1;\nfunction f() { throw new TypeError('boom'); }\nf();",
    "Uncaught TypeError: boom\n  at src/index.js:2:22 in f\n  at src/index.js:3:1",
  ],
  ["is no JavaScript", "export default {{", "Uncaught SyntaxError: Unexpected token '{'\n  at src/index.js:1:16"],
  ["names what there is not", "missing();", "Uncaught ReferenceError: missing is not defined\n  at src/index.js:1:1"],
  [
    "imports what was not uploaded",
    "import './other.js';",
    'Uncaught Error: No such module "src/other.js".\n  imported from "src/index.js"',
  ],
  ["waits for ever", "await new Promise(() => {});", "Uncaught Error: Top-level await in module is unsettled."],
  ["fails later", "await Promise.reject(new RangeError('late'));", "Uncaught RangeError: late\n  at src/index.js:1:22"],
])("code that %s does not start, in the runtime's words", async (_what, code, failure) => {
  expect(await host.tryStart(spec(code))).toEqual({ failure });
});

test("what only a handler may do is refused, and so are dates and flags that workerd does not know", async () => {
  expect(await host.tryStart(spec("await fetch('http://127.0.0.1:1/');"))).toEqual({
    failure: expect.stringContaining("Disallowed operation called within global scope"),
  });
  expect(await host.tryStart(spec("", { compatibilityDate: "2099-01-01" }))).toEqual({
    failure: expect.stringContaining('requires compatibility date "2099-01-01"'),
  });
  expect(await host.tryStart(spec("", { compatibilityFlags: ["no_such_flag"] }))).toEqual({
    failure: "No such compatibility flag: no_such_flag",
  });
});

test("a start may read its variables, and touch resources and secrets, of which it learns nothing", async () => {
  const code = `
    import { env } from "cloudflare:workers";
    const { get } = env.CACHE;
    const bound = env.CACHE.get.bind(env.CACHE);
    const object = env.ROOM.get(env.ROOM.idFromName("one"));
    if (env.GREETING !== "hi" || env.SETTINGS.size !== 3) throw new Error("no variables");
    throw new Error("the secret: " + env.KEY);`;
  const variables = { GREETING: "hi", SETTINGS: { size: 3 } };
  const others = ["CACHE", "ROOM", "KEY"];
  expect(await host.tryStart(spec(code, { variables, others }))).toEqual({
    failure: expect.stringMatching(/^Uncaught Error: the secret: \n/),
  });
});

test("modules of every type are loaded", async () => {
  const code = `
    import text from "../a.txt"; import data from "../b.bin"; import json from "../c.json"; import wasm from "../d.wasm"; import cjs from "../e.cjs";
    const seen = JSON.stringify([text, data.byteLength, json.size, wasm instanceof WebAssembly.Module, cjs.name]);
    if (seen !== '["text",3,3,true,"cjs"]') throw new Error(seen);`;
  const files: TrialSpec["modules"] = [
    { name: "src/index.js", type: "esm", content: Buffer.from(code) },
    { name: "a.txt", type: "text", content: Buffer.from("text") },
    { name: "b.bin", type: "data", content: Buffer.from([0, 1, 255]) },
    { name: "c.json", type: "json", content: Buffer.from('{"size":3}') },
    { name: "d.wasm", type: "wasm", content: Buffer.from("AGFzbQEAAAA=", "base64") },
    { name: "e.cjs", type: "cjs", content: Buffer.from("exports.name = 'cjs'") },
  ];
  expect(await host.tryStart(spec("", { modules: files }))).toEqual(started);
  const broken = files.map((file) => (file.type === "json" ? { ...file, content: Buffer.from("{") } : file));
  expect(await host.tryStart(spec("", { modules: broken }))).toEqual({
    failure: expect.stringMatching(/^Uncaught SyntaxError: [^]+ at c\.json$/),
  });
});

test("code that never comes to an end is given up, and the next is tried", async () => {
  let result: object | undefined;
  const trial = host.tryStart(spec("for (;;) {}")).then((found) => (result = found));
  await eventually(async () => {
    clock.move(60_000);
    return result;
  }, 30_000);
  expect(await trial).toEqual({ failure: "Script startup exceeded CPU time limit." });
  expect(await host.tryStart(spec("export default {}; // another"))).toEqual(started);
});

test("code that started is not tried again, and is when it changes", async () => {
  const code = "export default { fetch: () => new Response('once') };";
  await host.tryStart(spec(code));
  clock.move(60 * 60_000); // nobody uses what tries them
  await eventually(async () => (await folder.processes()) === 0, 30_000);
  expect(await host.tryStart(spec(code, { variables: { OTHER: "1" } }))).toEqual(started);
  expect(await folder.processes()).toBe(0);
  await host.tryStart(spec(`${code} // changed`));
  expect(await folder.processes()).toBe(1);
});
