import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { startCloud, type CloudConnection } from "../../../local/cloud";
import { clientOf } from "./support";

const ROOT = join(__dirname, "../../..");

describe("an embedded cloud that is killed", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-cloud-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A process that runs the cloud, started from a bundle so that it needs no compiler. */
  async function startProcess(stateDir: string): Promise<{ process: ChildProcess; cloud: CloudConnection }> {
    const program = join(folder, "cloud.js");
    await build({
      entryPoints: [join(ROOT, "local/cloud/index.ts")],
      outfile: program,
      bundle: true,
      platform: "node",
      packages: "external",
      logLevel: "error",
    });
    const main = join(folder, "main.js");
    await writeFile(
      main,
      `require("./cloud.js").startCloud({ stateDir: process.argv[2], apiPort: 0, edgePort: 0 })
        .then((cloud) => console.log(JSON.stringify(cloud)));`,
    );
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, stateDir], {
      env: { ...process.env, NODE_PATH: join(ROOT, "node_modules") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return { process: child, cloud: JSON.parse(line) as CloudConnection };
  }

  it("has kept all that it confirmed", async () => {
    const stateDir = join(folder, "state");
    const { process: child, cloud } = await startProcess(stateDir);
    const client = clientOf(cloud);
    const account_id = cloud.accountId;
    const { id: namespace_id } = await client.kv.namespaces.create({ account_id, title: "values" });
    const confirmed: string[] = [];
    const writing = (async () => {
      for (let n = 0; ; n++) {
        const { id } = await client.kv.namespaces.create({ account_id, title: `n${n}` });
        await client.kv.namespaces.values.update(id, { account_id, namespace_id, value: `v${n}` } as never);
        confirmed.push(id);
        if (n === 30) child.kill("SIGKILL"); // the next request is on its way
      }
    })();
    await expect(writing).rejects.toThrow(/Connection error/);
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

    const again = await startCloud({ stateDir, apiPort: 0, edgePort: 0 });
    try {
      expect(again.apiToken).toBe(cloud.apiToken);
      const found = clientOf(again);
      const ids = (await found.kv.namespaces.list({ account_id, per_page: 1000 })).result.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(confirmed));
      for (const [n, id] of confirmed.entries()) {
        const value = await found.kv.namespaces.values.get(id, { account_id, namespace_id });
        expect(await value.text()).toBe(`v${n}`);
      }
    } finally {
      await again.close();
    }
  }, 60_000);
});
