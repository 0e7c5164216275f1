import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { firstDeployment } from "../../bin/place";
import { version } from "../../package.json";
import { Project } from "../e2e/support/project";

jest.setTimeout(60_000);

const WANDSTORE = path.resolve(__dirname, "../../bin/wandstore.js");
let stateDir: string;
beforeAll(() => (stateDir = mkdtempSync(path.join(tmpdir(), "wand-cli-"))));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

function wandstore(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    // From another folder, as anybody may.
    const child = execFile(
      process.execPath,
      [WANDSTORE, ...args],
      { cwd: tmpdir(), timeout: 50_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

test("each stack is first deployed by the command that can do it", () => {
  const commands = ["dev", "staging", "prod"].map(firstDeployment);
  expect(commands).toEqual(["npm start", "pulumi up -s staging", "pulumi up -s prod"]);
});

describe("the command line", () => {
  it("tells its version and its commands", async () => {
    expect(await wandstore("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const { code, stdout } = await wandstore("--help");
    expect(code).toBe(0);
    for (const command of ["dev", "preview", "up", "destroy", "outputs", "releases", "rollback", "rollout", "config"])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
  });

  it("ends well when nobody reads its output any more, as `head` does", async () => {
    const child = spawn(process.execPath, [WANDSTORE, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("without a command shows the help and fails", async () => {
    const { code, stderr } = await wandstore();
    expect([code, stderr.includes("Usage: wandstore")]).toEqual([1, true]);
  });

  it.each([
    [["prevew"], /unknown command 'prevew'/],
    [["up", "--frob"], /unknown option '--frob'/],
    [["dev", "--port", "http"], /--port <port>.*'http'.*0 to 65535/],
    [["dev", "--api-port", "65536"], /--api-port <port>.*'65536'.*0 to 65535/],
    [["preview", "--stack", "No Stack"], /"No Stack" cannot be the name of a stack/],
    [["preview", "--stack", "nowhere"], /Pulumi\.nowhere\.yaml/],
    [["up", "--stack", "prod"], /real account.*pulumi up --stack prod/],
    [["destroy", "--stack", "dev"], /add --yes/],
    [["rollout", "101", "-s", "dev"], /"101" is no share.*0 to 100, promote/],
    [["rollback", "-s", "dev", "--clear", "--to", "x"], /--clear and --to contradict/],
    [["releases", "-s", "prod"], /real account.*CLOUDFLARE_ACCOUNT_ID.*CLOUDFLARE_API_TOKEN/],
    [["outputs", "--stack", "dev"], /not deployed.*npm start/],
    [["outputs", "--stack", "prod"], /real account.*pulumi stack output --stack prod/],
    [["destroy", "--stack", "prod"], /real account.*pulumi/],
  ])("refuses %j with one clear message", async (args, message) => {
    const own = args[0] === "prevew" ? [] : ["--state-dir", stateDir];
    const { code, stdout, stderr } = await wandstore(...args, ...own);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("says what is wrong in JSON where JSON was asked for, and nothing else", async () => {
    const { code, stdout, stderr } = await wandstore("up", "--stack", "staging", "--json", "--state-dir", stateDir);
    expect([code, stderr]).toEqual([1, ""]);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "NOT_EMBEDDED", message: expect.stringContaining("pulumi up") },
    });
  });

  it("previews a stack of a real account offline, and leaves nothing behind but its key", async () => {
    const project = new Project(); // one that is judged alike on any day
    const { code, stdout, stderr } = await project.run("preview", "--stack", "staging", "--json");
    expect(code).toBe(0);
    // Warnings about the stack, such as a model without a key, and nothing else.
    expect(stderr.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "))).toEqual([]);
    const { changeSummary, steps, policy } = JSON.parse(stdout) as {
      changeSummary: { create: number };
      steps: object[];
      policy: object[];
    };
    expect(changeSummary.create).toBe(steps.length);
    expect(steps.length).toBeGreaterThan(15);
    expect(policy).toEqual([]);
    expect(existsSync(path.join(project.stateDir, "cloud"))).toBe(false);
    await project.remove();
  });
});
