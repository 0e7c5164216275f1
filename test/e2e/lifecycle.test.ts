import { existsSync, readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { startCloud } from "../../local/cloud";
import { Project } from "./support/project";
import { ShopperClient } from "./support/shopper";

jest.setTimeout(300_000);

interface Report {
  changeSummary: Record<"create" | "update" | "replace" | "delete" | "same", number>;
  steps: { op: string; type: string; name: string; diff?: string[] }[];
}

/** Processes on this machine whose command line or working folder names the folder given. */
function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
      } catch {
        return false;
      }
    });
}

/** Everything of an account that its API lists, by the route that lists it; routes with nothing are left out. */
async function whatIsLeft(stateDir: string): Promise<Record<string, unknown[]>> {
  const cloud = await startCloud({ stateDir, apiPort: 0, edgePort: 0 });
  const left: Record<string, unknown[]> = {};
  const routes = [
    "storage/kv/namespaces",
    "d1/database",
    "r2/buckets",
    "workers/workers",
    "workers/scripts",
    "workers/durable_objects/namespaces",
    "containers/applications",
  ];
  for (const route of routes) {
    const headers = { authorization: `Bearer ${cloud.apiToken}` };
    const response = await fetch(`${cloud.apiUrl}/accounts/${cloud.accountId}/${route}`, { headers });
    const { success, result } = (await response.json()) as { success: boolean; result: unknown };
    const list = Array.isArray(result) ? result : Object.values(result as object).flat();
    if (!success || list.length > 0) left[route] = list;
  }
  await cloud.close();
  return left;
}

describe("the command line", () => {
  const project = new Project();
  afterAll(() => project.remove());

  const json = async (...args: string[]): Promise<Report> => {
    const end = await project.run(...args, "--json");
    if (end.code !== 0) throw new Error(`exit ${end.code}: ${end.stdout}${end.stderr}`);
    return JSON.parse(end.stdout) as Report;
  };
  const changed = (report: Report) => report.steps.filter((step) => step.op !== "same");

  it("previews what up will make, makes it, and then finds nothing to change", async () => {
    const before = await json("preview", "--stack", "dev");
    expect(before.changeSummary.create).toBeGreaterThan(15);
    const up = await json("up", "--stack", "dev");
    expect(up.changeSummary).toEqual(before.changeSummary);
    const after = await json("preview", "--stack", "dev");
    expect(changed(after)).toEqual([]);
    expect(after.changeSummary).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: up.changeSummary.create });
    const text = await project.run("preview", "--stack", "dev");
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/no changes/i);
    expect(text.stdout).not.toMatch(/KvNamespace|ContainerApplication/);
  });

  it("shows a changed pool size only on the resources that carry it, and makes the change", async () => {
    project.edit("Pulumi.dev.yaml", (text) => text.replace(/size: 10\b/, "size: 7"));
    const preview = await json("preview", "--stack", "dev");
    expect(changed(preview).map((step) => [step.op, step.type])).toEqual(
      expect.arrayContaining([
        ["update", "wandstore:index:ContainerApplication"],
        ["replace", "wandstore:index:WorkerVersion"],
        ["update", "wandstore:index:WorkersDeployment"],
        ["update", "wandstore:index:Release"],
      ]),
    );
    expect(changed(preview)).toHaveLength(4);
    await json("up", "--stack", "dev");
    expect(changed(await json("preview", "--stack", "dev"))).toEqual([]);
  });

  it("keeps the pages it had made when it is stopped and started again", async () => {
    const first = await project.start();
    const anna = new ShopperClient(first.edgeUrl, "magic-wands", "anna");
    await anna.visit();
    await anna.untilReady(60_000);
    const page = (await anna.visit()).html;
    const end = await first.stop("SIGINT");
    expect(end.code).toBe(0);
    expect(processesOf(project.dir)).toEqual([]);
    await expect(fetch(first.edgeUrl)).rejects.toThrow("fetch failed");

    const second = await project.start();
    expect(second.output()).toMatch(/no changes/i);
    const again = await new ShopperClient(second.edgeUrl, "magic-wands", "anna").visit();
    expect(["kv", "memory", "r2"]).toContain(again.source);
    expect(again.html).toBe(page);
    expect((await second.stop("SIGTERM")).code).toBe(0);
    expect(processesOf(project.dir)).toEqual([]);
  });

  it("finds its state again after the whole process was killed", async () => {
    const first = await project.start();
    const kim = new ShopperClient(first.edgeUrl, "magic-wands", "kim");
    await kim.visit();
    await kim.untilReady(60_000);
    await first.stop("SIGKILL");
    const second = await project.start();
    expect(second.output()).toMatch(/no changes/i);
    expect(["kv", "memory", "r2"]).toContain(
      (await new ShopperClient(second.edgeUrl, "magic-wands", "kim").visit()).source,
    );
    await second.stop();
    expect(processesOf(project.dir)).toEqual([]);
  });

  it("keeps no secret in plain text, neither in the state nor in what it prints", async () => {
    const shown = JSON.parse((await project.run("outputs", "--stack", "dev", "--json", "--show-secrets")).stdout) as {
      adminToken: string;
    };
    expect(shown.adminToken.length).toBeGreaterThan(20);
    const hidden = await project.run("outputs", "--stack", "dev", "--json");
    expect(hidden.stdout).not.toContain(shown.adminToken);
    expect(project.stateFilesWith(shown.adminToken)).toEqual([]);
  });

  it("refuses to destroy protected resources and names them, then removes everything once they are not", async () => {
    const text = readFileSync(path.join(project.dir, "Pulumi.dev.yaml"), "utf8");
    project.edit(
      "Pulumi.dev.yaml",
      (before) => `${before.replace(/^ {2}wandstore:protect:.*\n/m, "").trimEnd()}\n  wandstore:protect: true\n`,
    );
    await json("up", "--stack", "dev");
    const refused = await project.run("destroy", "--stack", "dev", "--yes");
    expect(refused.code).toBe(1);
    for (const name of ["ui-cache", "generation-queue", "shopper-sessions", "stores"])
      expect(refused.stderr + refused.stdout).toContain(name);
    expect(changed(await json("preview", "--stack", "dev"))).toEqual([]);

    project.edit("Pulumi.dev.yaml", () => text.replace(/^ {2}wandstore:protect:.*\n/m, "") + "\n");
    await json("up", "--stack", "dev");
    const destroyed = await json("destroy", "--stack", "dev", "--yes");
    expect(destroyed.changeSummary.delete).toBeGreaterThan(15);
    expect((await json("preview", "--stack", "dev")).changeSummary.same).toBe(0);
    expect(await whatIsLeft(project.stateDir)).toEqual({});
  });
});

describe("what can go wrong before anything is made", () => {
  const project = new Project();
  afterAll(() => project.remove());

  /** Runs `dev` and expects one clear message, exit 1 and no resource. */
  const refused = async (words: RegExp, ...args: string[]) => {
    const end = await project.run("dev", "--no-serve", "--port", "0", "--api-port", "0", ...args);
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(words);
    expect(end.stderr).not.toMatch(/^\s+at /m);
    const state = path.join(project.stateDir, "stacks/dev.json");
    if (existsSync(state))
      expect((JSON.parse(readFileSync(state, "utf8")) as { resources: unknown[] }).resources).toEqual([]);
  };

  it("a port in use is named with the flag that changes it", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const port = (server.address() as net.AddressInfo).port;
    await refused(new RegExp(`${port}[\\s\\S]*--port`), "--port", String(port));
    await refused(new RegExp(`${port}[\\s\\S]*--api-port`), "--api-port", String(port));
    server.close();
  });

  it("a broken config is reported whole, with paths", async () => {
    const before = readFileSync(path.join(project.dir, "Pulumi.dev.yaml"), "utf8");
    project.edit("Pulumi.dev.yaml", (text) => text.replace(/size: 10\b/, "size: 5000\n    sise: 3"));
    await refused(/pool\.size[\s\S]*sise|sise[\s\S]*pool\.size/);
    project.edit("Pulumi.dev.yaml", () => before);
  });

  it("a stack file that is no YAML is named", async () => {
    const before = readFileSync(path.join(project.dir, "Pulumi.dev.yaml"), "utf8");
    project.edit("Pulumi.dev.yaml", () => "config: [broken");
    await refused(/Pulumi\.dev\.yaml/);
    project.edit("Pulumi.dev.yaml", () => before);
  });

  it("a broken catalogue is reported with file, line and column", async () => {
    const file = "stores/magic-wands/products.csv";
    const before = readFileSync(path.join(project.dir, file), "utf8");
    project.edit(file, (text) => text.replace(/,(\d+\.\d\d),/, ",not-a-price,"));
    await refused(/products\.csv[\s\S]*line \d+|products\.csv:\d+/);
    project.edit(file, () => before);
  });

  it("staging and prod are judged offline, without an error or a violation", async () => {
    for (const stack of ["staging", "prod"]) {
      const end = await project.run("preview", "--stack", stack, "--json");
      const complaints = end.stderr.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "));
      expect([stack, end.code, complaints]).toEqual([stack, 0, []]);
      const report = JSON.parse(end.stdout) as Report & { policy: unknown[] };
      expect(report.changeSummary.create).toBeGreaterThan(15);
      expect(report.policy).toEqual([]);
    }
  });

  it("an up of a stack for a real account is refused with the way that works", async () => {
    const end = await project.run("up", "--stack", "staging");
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/pulumi up/);
  });
});
