import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

jest.setTimeout(120_000);

const WANDSTORE = path.resolve(__dirname, "../../bin/wandstore.js");

describe("wandstore cloud", () => {
  let stateDir: string;
  let serving: ChildProcess;
  beforeAll(() => (stateDir = mkdtempSync(path.join(tmpdir(), "wand-cloud-"))));
  afterAll(async () => {
    if (serving?.exitCode === null) {
      serving.kill("SIGKILL");
      await once(serving, "close");
    }
    rmSync(stateDir, { recursive: true, force: true });
  });

  function run(
    args: string[],
    more: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, ...more };
    return new Promise((resolve) => {
      const command = [WANDSTORE, "cloud", "--state-dir", stateDir, ...args];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }
  const env = () => run(["--env"]);

  it("says where none runs, on stderr alone, and how to start one", async () => {
    const { code, stdout, stderr } = await env();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`error: no embedded cloud runs on ${stateDir}: start one with "wandstore cloud"\n`);
  });

  it("starts none where its containers are to run in a Docker engine and none answers", async () => {
    const DOCKER_HOST = `unix://${stateDir}/absent.sock`;
    const { code, stdout, stderr } = await run(["--port", "0", "--api-port", "0", "--containers", "docker"], {
      DOCKER_HOST,
    });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`error: no Docker engine answers at ${stateDir}/absent.sock`);
    const remote = await run(["--containers", "docker"], { DOCKER_HOST: "tcp://10.0.0.1:2375" });
    expect(remote).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("takes one of this machine, by its unix socket"),
    });
  });

  it("serves until it is stopped, and says how each client reaches it", async () => {
    serving = spawn(process.execPath, [WANDSTORE, "cloud", "--port", "0", "--api-port", "0", "--state-dir", stateDir]);
    let said = "";
    serving.stdout?.on("data", (chunk: Buffer) => (said += chunk));
    while (!said.includes("Ctrl-C")) await once(serving.stdout as NodeJS.ReadableStream, "data");
    const value = (name: string) => new RegExp(`^export ${name}=(\\S+)$`, "m").exec(said)?.[1] ?? "";
    expect(value("CLOUDFLARE_BASE_URL")).toBe(value("CLOUDFLARE_API_BASE_URL"));

    const { code, stdout, stderr } = await env();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trim().split("\n")).toEqual([
      `export CLOUDFLARE_API_BASE_URL=${value("CLOUDFLARE_API_BASE_URL")}`,
      `export CLOUDFLARE_API_TOKEN=${value("CLOUDFLARE_API_TOKEN")}`,
      `export CLOUDFLARE_ACCOUNT_ID=${value("CLOUDFLARE_ACCOUNT_ID")}`,
    ]);
    const answer = await fetch(`${value("CLOUDFLARE_API_BASE_URL")}/accounts/${value("CLOUDFLARE_ACCOUNT_ID")}`, {
      headers: { authorization: `Bearer ${value("CLOUDFLARE_API_TOKEN")}` },
    });
    expect(answer.status).toBe(200);

    const closed = once(serving, "close");
    serving.kill("SIGINT");
    expect(await closed).toEqual([0, null]);
    expect((await env()).code).toBe(1);
  });
});
