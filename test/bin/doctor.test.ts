import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { doctorLines } from "../../bin/display/doctor";
import { examine, probesFor } from "../../bin/doctor/examine";
import type { Finding } from "../../bin/doctor/finding";
import { account, token } from "../../bin/doctor/probes/account";
import { binaries, nodeVersion, packages } from "../../bin/doctor/probes/packages";
import { diskSpace, ports, stateFolder } from "../../bin/doctor/probes/place";
import { passphrase, stackFiles } from "../../bin/doctor/probes/stacks";
import { chromium, docker, pulumi } from "../../bin/doctor/probes/tools";
import type { World } from "../../bin/doctor/world";
import type { StackAccount, StackNeeds } from "../../local/deploy";
import { inspectStack } from "../../local/deploy/stack/inspect";
import { PassphraseBox } from "../../local/deploy/stack/passphrase";
import { Project } from "../e2e/support/project";

jest.setTimeout(300_000);

const TOKEN = "planted-token-0123456789";
let root: string;
let world: World;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "wand-doctor-"));
  world = {
    env: { PATH: path.join(root, "programs") },
    root,
    stateDir: path.join(root, "state"),
    nodeVersion: "v24.1.0",
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (file: string, content: unknown): void => {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content));
};
/** A program of that name in a folder; `script` is for sh. */
const program = (file: string, script: string): void => {
  write(file, `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(root, file), 0o755);
};
const onPath = (name: string, script: string): void => program(`programs/${name}`, script);
const brief = (findings: Finding | Finding[]): string[][] =>
  [findings].flat().map(({ name, status, found }) => [name, status, found]);

const LOCAL = {};
const needs = (more: Partial<StackNeeds> = {}): StackNeeds => ({
  embedded: false,
  problems: [],
  secrets: [],
  secretsKeptBy: undefined,
  locked: undefined,
  accountId: "a".repeat(32),
  hasToken: true,
  baseUrl: "https://api.cloudflare.com/client/v4",
  hasImage: false,
  domain: undefined,
  notifies: false,
  ...more,
});
const real = (more: Partial<StackNeeds> = {}) => ({ name: "prod", stack: needs(more) });

describe("Node and packages", () => {
  it("Node is new enough from 22.13 on", async () => {
    expect((await nodeVersion(world)).status).toBe("ok");
    expect((await nodeVersion({ ...world, nodeVersion: "v22.13.0" })).status).toBe("ok");
    expect(await nodeVersion({ ...world, nodeVersion: "v22.12.9" })).toMatchObject({
      status: "bad",
      get: expect.stringMatching(/22\.13/),
    });
  });

  it("the Node of the packages is named, also where it does not start", async () => {
    program("node_modules/.bin/node", "echo v24.9.0");
    expect((await nodeVersion(world)).found).toBe("v24.1.0 runs this, v24.9.0 came with the packages");
    program("node_modules/.bin/node", "echo wrong machine >&2; exit 1");
    expect((await nodeVersion(world)).found).toMatch(/does not work: wrong machine/);
  });

  it("packages are those of the lock file; what is optional may be missing, what is there has to fit", async () => {
    const lock = {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    };
    write("package-lock.json", { packages: lock });
    expect(await packages(world)).toMatchObject({
      status: "bad",
      found: "not as in package-lock.json: a",
      get: "npm ci",
    });
    write("node_modules/a/package.json", { version: "v1.0.0" });
    expect((await packages(world)).status).toBe("ok");
    write("node_modules/b/package.json", { version: "2.0.1" });
    expect((await packages(world)).found).toMatch(/: b$/);
  });

  it("a folder without a lock file is not taken for one that fits", async () => {
    expect(await packages(world)).toMatchObject({ status: "bad", found: "no package-lock.json" });
  });

  it("programs of packages are started: to be there is not enough", async () => {
    program("node_modules/.bin/esbuild", "echo 0.28.2");
    program("node_modules/.bin/workerd", "echo for another platform >&2; exit 1");
    expect(brief(await binaries(world))).toEqual([
      ["esbuild", "ok", "0.28.2 starts"],
      ["workerd", "bad", "does not work: for another platform"],
    ]);
  });
});

describe("tools", () => {
  it("Docker is needed only where a real account's stack names no image", async () => {
    const status = async (use: Parameters<typeof docker>[1]) => (await docker(world, use)).map((one) => one.status);
    expect(await status(real())).toEqual(["bad", "bad"]);
    expect(await status(real({ hasImage: true }))).toEqual(["missing", "missing"]);
    expect(await status(LOCAL)).toEqual(["missing", "missing"]);
  });

  it("a Docker client whose engine does not answer is told apart from none", async () => {
    onPath("docker", 'echo 28.2.2; [ "$3" = "{{.Client.Version}}" ] || { echo Cannot connect >&2; exit 1; }');
    expect(brief(await docker(world, real()))).toEqual([
      ["Docker client", "ok", "28.2.2"],
      ["Docker engine", "bad", "does not work: Cannot connect"],
    ]);
    onPath("docker", "echo 28.2.2");
    expect((await docker(world, real())).map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it("the Pulumi CLI is needed for a real account; an old one is only said", async () => {
    expect(brief(await pulumi(world, LOCAL))).toEqual([["Pulumi CLI", "missing", "no pulumi on the PATH"]]);
    expect((await pulumi(world, real()))[0]?.status).toBe("bad");
    onPath("pulumi", "echo v3.100.0");
    expect((await pulumi(world, real()))[0]).toMatchObject({
      status: "missing",
      found: expect.stringMatching(/3\.100\.0 is older than/),
    });
    onPath("pulumi", "exit 1");
    expect((await pulumi(world, real()))[0]?.status).toBe("bad");
  });

  it("plugins are compared with the lock file; one on the PATH is taken as it is", async () => {
    const versions = { cloudflare: "6.22.1", docker: "5.2.0", random: "4.21.2" };
    const entries = Object.entries(versions).map(([name, version]) => [`node_modules/@pulumi/${name}`, { version }]);
    write("package-lock.json", { packages: Object.fromEntries(entries) as object });
    const listed = JSON.stringify([
      { name: "cloudflare", kind: "resource", version: "6.22.1" },
      { name: "docker", kind: "resource", version: "4.0.0" },
    ]);
    onPath("pulumi", `[ "$1" = version ] && echo v3.300.0 || echo '${listed}'`);
    onPath("pulumi-resource-random", "");
    expect(brief(await pulumi(world, real()))).toEqual([
      ["Pulumi CLI", "ok", "v3.300.0"],
      ["Pulumi plugin cloudflare", "ok", "6.22.1"],
      ["Pulumi plugin docker", "missing", "4.0.0, not 5.2.0"],
      ["Pulumi plugin random", "ok", expect.stringContaining("on the PATH")],
    ]);
  });

  it("a Chromium that is named and does not start is none", async () => {
    program("chromium", "echo Chromium 150");
    const named = { ...world, env: { CHROMIUM_PATH: path.join(root, "chromium") } };
    expect(await chromium(named)).toMatchObject({ status: "ok", found: "Chromium 150" });
    program("chromium", "echo no libnss3 >&2; exit 127");
    expect(await chromium(named)).toMatchObject({ status: "missing", found: expect.stringMatching(/no libnss3/) });
  });
});

describe("the place", () => {
  it("a port that another program has is named, and is in the way only of npm start", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const [taken, free] = await ports(world, LOCAL, { edge: port, api: 0 });
    expect(taken).toMatchObject({
      status: "bad",
      found: "another program is on it",
      get: expect.stringMatching(/--port 0/),
    });
    expect(free?.status).toBe("ok");
    expect((await ports(world, real(), { edge: port, api: 0 }))[0]?.status).toBe("missing");
    server.close();
  });

  it("a state folder that is not there can be made, and nothing makes it", async () => {
    expect(await stateFolder(world, LOCAL)).toMatchObject({
      status: "ok",
      found: expect.stringMatching(/can be made/),
    });
    write("file", "in the way");
    const below = { ...world, stateDir: path.join(root, "file/state") };
    expect(await stateFolder(below, LOCAL)).toMatchObject({ status: "bad" });
  });

  it("a folder that a silent process holds is no use; the note of a process that is gone says nothing", async () => {
    write("state/cloud/running.json", { pid: process.pid });
    expect(await stateFolder(world, LOCAL)).toMatchObject({
      status: "bad",
      found: expect.stringMatching(/holds it and does not answer/),
    });
    write("state/cloud/running.json", { pid: 2 ** 30 });
    expect((await stateFolder(world, LOCAL)).status).toBe("ok");
  });

  it("a stack that is being deployed is named; a lock that nobody renewed is not one", async () => {
    mkdirSync(path.join(root, "state/stacks/dev.json.lock"), { recursive: true });
    expect(await stateFolder(world, LOCAL)).toMatchObject({ status: "missing", found: "stack dev is being deployed" });
    expect((await stateFolder(world, LOCAL, Date.now() + 60_000)).status).toBe("ok");
  });

  it("little room is said, and too little is in the way", async () => {
    const look = async (mib: number) => (await diskSpace(world, async () => mib * 1024 * 1024)).status;
    expect([await look(100), await look(1_000), await look(2_000)]).toEqual(["bad", "missing", "ok"]);
  });
});

describe("stack files and secrets", () => {
  const inspect = (yaml: string, env: Record<string, string> = {}): StackNeeds => {
    write("Pulumi.prod.yaml", yaml);
    return inspectStack(root, "wandstore", "prod", env);
  };
  const PROD =
    "config:\n  wandstore:environment: prod\n  wandstore:stores: [magic-wands]\n  wandstore:budget:\n    monthlyUsd: 100\n";

  it("what is wrong with a file is named, as a preview would", () => {
    expect(inspect(PROD)).toMatchObject({ embedded: false, problems: [], hasToken: false, accountId: undefined });
    expect(inspect(`${PROD}  wandstore:pool:\n    size: 99\n`).problems).toEqual([
      expect.stringMatching(/pool\.size: found 99/),
    ]);
    expect(inspect("config: [").problems[0]).toMatch(/cannot be read/);
  });

  it("a mistake is in the way of its own stack, and only said for the others", () => {
    const stacks = new Map([
      ["dev", needs()],
      ["prod", needs({ problems: ["pool.size: found 99"] })],
    ]);
    expect(stackFiles(stacks, LOCAL).map(({ status }) => status)).toEqual(["ok", "missing"]);
    expect(stackFiles(stacks, real()).map(({ status }) => status)).toEqual(["ok", "bad"]);
  });

  it("secrets are opened with the passphrase, and a wrong one is seen", () => {
    const box = PassphraseBox.fresh("right");
    const yaml = `encryptionsalt: ${box.salt}\n${PROD}  wandstore:claudeApiKey:\n    secure: ${box.seal("planted-model-key")}\n`;
    const look = (env: Record<string, string>) => passphrase(inspect(yaml, env));
    expect(look({ PULUMI_CONFIG_PASSPHRASE: "right" })).toMatchObject({
      status: "ok",
      found: expect.stringMatching(/1 in its file/),
    });
    expect(look({ PULUMI_CONFIG_PASSPHRASE: "wrong" })).toMatchObject({
      status: "bad",
      found: expect.stringMatching(/not the one/),
    });
    expect(look({})).toMatchObject({ status: "bad", found: "PULUMI_CONFIG_PASSPHRASE is not set" });
    expect(passphrase(inspect(PROD)).status).toBe("ok");
  });
});

describe("the account", () => {
  it("is an id and a token, of which only the first is shown", () => {
    expect(brief(account(needs()))[0]).toEqual(["CLOUDFLARE_ACCOUNT_ID", "ok", "a".repeat(32)]);
    expect(account(needs({ accountId: "my-account", hasToken: false })).map(({ status }) => status)).toEqual([
      "bad",
      "bad",
    ]);
    expect(brief(account(needs({ accountId: undefined })))[0]?.[2]).toBe("not set");
  });

  /** An account that refuses some paths. */
  const opened = (refusals: Record<string, number>): Pick<StackAccount, "api" | "accountId"> => ({
    accountId: "a",
    api: (async (_method: string, asked: string) => {
      const status = Object.entries(refusals).find(([part]) => asked.includes(part))?.[1];
      if (status === undefined) return { status: "active" };
      throw Object.assign(new Error("no answer"), { status });
    }) as StackAccount["api"],
  });

  it("is asked for each permission that the stack needs, and for no other", async () => {
    const all = await token(opened({}), needs({ notifies: true, domain: "shop.example.com" }));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "ok"));
    expect((await token(opened({}), needs())).map(({ name }) => name)).not.toContain("permission Notifications");
    const bad = (await token(opened({ d1: 403 }), needs())).filter(({ status }) => status === "bad");
    expect(brief(bad)).toEqual([["permission D1", "bad", "Cloudflare refuses it (403)"]]);
  });

  it("with a token of the account's own is verified there; with none that works nothing more is asked", async () => {
    expect((await token(opened({ "/user/tokens": 401 }), needs()))[0]?.status).toBe("ok");
    expect(brief(await token(opened({ "tokens/verify": 401 }), needs()))).toEqual([
      ["token", "bad", "Cloudflare refuses it (401)"],
    ]);
  });
});

describe("all looks together", () => {
  const good: Finding = { name: "a", status: "ok", found: "1", for: "x" };

  it("come in order; one that throws or never ends is a finding, and holds up no other", async () => {
    const found = await examine(
      [
        { name: "slow", look: () => new Promise<Finding>(() => {}) },
        { name: "broken", look: () => Promise.reject(new Error("it broke")) },
        { name: "good", look: () => [good] },
      ],
      20,
    );
    expect(brief(found)).toEqual([
      ["slow", "bad", "no answer within 0.02 s"],
      ["broken", "bad", "it broke"],
      ["a", "ok", "1"],
    ]);
  });

  it("have the secrets of stack dev among what npm start needs, where its file has any", () => {
    const names = (dev: Partial<StackNeeds>) =>
      probesFor(world, { use: LOCAL, stacks: new Map([["dev", needs({ embedded: true, ...dev })]]) }).map(
        ({ name }) => name,
      );
    expect(names({ secrets: ["wandstore:kimiApiKey"], secretsKeptBy: "passphrase" })).toContain("secrets of the stack");
    expect(names({})).not.toContain("secrets of the stack");
  });

  it("are shown with what is missing, what for, and how to get it", () => {
    const missing: Finding = { name: "bb", status: "bad", found: "not set", for: "deploying", get: "export it" };
    expect(doctorLines([good, missing], "prod")).toEqual([
      "✓ a   1",
      "✗ bb  not set",
      "    for: deploying",
      "    how: export it",
      "",
      "1 of what is needed for deploying stack prod is missing: ✗.",
    ]);
  });
});

describe("the command", () => {
  const project = new Project();
  afterAll(() => project.remove());

  it("ends with 0 where npm start has what it needs, with 1 where a deployment has not, and prints no secret", async () => {
    project.env["PATH"] = project.dir;
    const local = await project.run("doctor", "--json");
    const report = JSON.parse(local.stdout) as { ready: boolean; findings: Finding[] };
    const unready = report.findings.filter(({ status, name }) => status === "bad" && !name.startsWith("port"));
    expect(unready).toEqual([]);
    expect(local.code).toBe(report.ready ? 0 : 1); // the ports may be another program's here

    project.env["CLOUDFLARE_API_TOKEN"] = TOKEN;
    const prod = await project.run("doctor", "-s", "prod");
    expect([prod.code, prod.stderr]).toEqual([1, ""]);
    expect(prod.stdout).toMatch(/✗ CLOUDFLARE_ACCOUNT_ID +not set\n +for: .*\n +how: export/);
    expect(prod.stdout).toMatch(/✓ CLOUDFLARE_API_TOKEN +set, for https:/);
    expect(prod.stdout).toMatch(/✗ Pulumi CLI/);
    expect(local.stdout + prod.stdout).not.toContain(TOKEN);
    const unknown = await project.run("doctor", "-s", "nowhere", "--json");
    expect(JSON.parse(unknown.stdout)).toMatchObject({
      error: { code: "USAGE", message: expect.stringMatching(/there are .*dev/) },
    });
  });
});
