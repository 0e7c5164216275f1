import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

jest.setTimeout(120_000);

const ROOT = path.resolve(__dirname, "../../../..");
const folder = mkdtempSync(path.join(tmpdir(), "wand-program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script with our TypeScript loaded: jest keeps modules of its own, which nothing can make it forget. */
async function run(script: string): Promise<unknown> {
  const loaded = `require("./bin/typescript.js").loadTypeScript(); ${script}`;
  const options = { cwd: ROOT, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", loaded, "--", folder], options);
  return JSON.parse(stdout);
}

test("the program is evaluated at each run, its other modules are loaded once, and anew when they change", async () => {
  mkdirSync(path.join(folder, "infra/parts"), { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text);
  write("infra/index.ts", `import { part } from "./parts/part"; globalThis.ran.push("entry " + part); export = part;`);
  write(
    "infra/parts/part.ts",
    `import { leaf } from "./leaf"; export const part = "part of " + leaf; globalThis.ran.push(part);`,
  );
  write("infra/parts/leaf.ts", `export const leaf: string = "one"; globalThis.ran.push("leaf " + leaf);`);
  write("infra/aside.ts", `globalThis.ran.push("aside");`);
  const said = await run(`
    const { projectProgram } = require("./local/deploy/program/load");
    const fs = require("node:fs");
    const [, folder] = process.argv;
    globalThis.ran = [];
    const program = projectProgram(folder, "infra/", () => Date.now() + 60_000);
    require(folder + "/infra/aside.ts");
    const runs = [];
    const once = () => { program(); runs.push(globalThis.ran.splice(0)); };
    once(); once(); once();
    fs.writeFileSync(folder + "/infra/parts/leaf.ts", 'export const leaf: string = "two"; globalThis.ran.push("leaf " + leaf);');
    once(); once();
    const here = require.cache[require.resolve("./local/deploy/program/load")].children;
    console.log(JSON.stringify({ runs, kept: here.filter(({ filename }) => filename.startsWith(folder)).length }));
  `);
  expect(said).toEqual({
    runs: [
      ["aside", "leaf one", "part of one", "entry part of one"],
      ["entry part of one"],
      ["entry part of one"],
      ["leaf two", "part of two", "entry part of two"],
      ["entry part of two"],
    ],
    kept: 0,
  });
});

test("no module of our program but its entry asks for the config when it is loaded", async () => {
  const said = await run(`
    const config = require("@pulumi/pulumi/runtime/config");
    const asked = [];
    for (const name of ["getConfig", "allConfig"]) config[name] = () => void asked.push(new Error(name).stack);
    require("@pulumi/pulumi").getStack = () => void asked.push("getStack");
    for (const part of ["components", "config", "naming", "bundle", "cost"]) require("./infra/" + part);
    new (require("@pulumi/pulumi").Config)("wandstore").get("pool"); // that it would be noticed
    console.log(JSON.stringify(asked.length));
  `);
  expect(said).toBe(1);
});
