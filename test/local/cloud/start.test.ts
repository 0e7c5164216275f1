import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCloud, startCloud, type CloudError } from "../../../local/cloud";
import { clientOf } from "./support";

describe("starting the embedded cloud", () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), "embedded-cloud-"));
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  const start = (ports = {}) => startCloud({ stateDir, apiPort: 0, edgePort: 0, ...ports });
  const failure = (started: Promise<{ close(): Promise<void> }>): Promise<CloudError> =>
    started.then(
      async (cloud) => {
        await cloud.close();
        throw new Error("it started");
      },
      (error: CloudError) => error,
    );

  it("is found while it runs, and not before or after", async () => {
    expect(await findCloud(stateDir)).toBeUndefined();
    const { close, ...connection } = await start();
    expect(await findCloud(stateDir)).toEqual(connection);
    await close();
    expect(await findCloud(stateDir)).toBeUndefined();
  });

  // Closing waited for a child process that Node did not count as work: the process ended in the middle of it, unnoticed.
  it("closes to the end in a process that has nothing else to do", async () => {
    const program = `
      require(${JSON.stringify(join(__dirname, "../../../bin/typescript.js"))}).loadTypeScript();
      require(${JSON.stringify(join(__dirname, "../../../local/cloud"))})
        .startCloud({ stateDir: process.argv[1], apiPort: 0, edgePort: 0 })
        .then((cloud) => cloud.close())
        .then(() => console.log("closed"));`;
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--eval", program, stateDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(child, "close")).toEqual([0, null]);
    expect(said).toBe("closed\n");
  });

  it("is not found by a note that a killed cloud left behind", async () => {
    const cloud = await start();
    const note = await readFile(join(stateDir, "cloud", "running.json"));
    await cloud.close();
    await writeFile(join(stateDir, "cloud", "running.json"), note);
    expect(await findCloud(stateDir)).toBeUndefined();
  });

  it("keeps account, token and resources from one start to the next", async () => {
    const first = await start();
    const { id } = await clientOf(first).kv.namespaces.create({ account_id: first.accountId, title: "kept" });
    await first.close();
    const second = await start();
    try {
      expect([second.accountId, second.apiToken]).toEqual([first.accountId, first.apiToken]);
      expect(await clientOf(second).kv.namespaces.get(id, { account_id: second.accountId })).toMatchObject({
        title: "kept",
      });
    } finally {
      await second.close();
    }
  });

  it("refuses a second cloud on the same folder, until the first has ended", async () => {
    const first = await start();
    const error = await failure(start());
    expect(error.code).toBe("STATE_IN_USE");
    expect(error.message).toContain("--state-dir");
    await first.close();
    await (await start()).close();
  });

  it("is refused by a lock that another process holds, and takes it over when that process is killed", async () => {
    await (await start()).close();
    const script = `
      const { DatabaseSync } = require("node:sqlite");
      const db = new DatabaseSync(process.argv[1]);
      db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; COMMIT;");
      console.log("held");
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["-e", script, join(stateDir, "cloud", "metadata.sqlite")]);
    try {
      await once(holder.stdout, "data");
      expect((await failure(start())).code).toBe("STATE_IN_USE");
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "exit");
    }
    await (await start()).close();
  });

  it.each([
    ["edgePort", "--port"],
    ["apiPort", "--api-port"],
  ])("names a taken %s and its flag, and leaves nothing running", async (option, flag) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const error = await failure(start({ [option]: port }));
    other.close();
    expect(error.code).toBe("PORT_IN_USE");
    expect(error.message).toContain(`${port}`);
    expect(error.message).toContain(`with ${flag} (`);
    await (await start()).close();
  });

  it("keeps its token and key in files that only their owner can read", async () => {
    const cloud = await start();
    for (const name of ["token", "key", "running.json"]) {
      expect((await stat(join(stateDir, "cloud", name))).mode & 0o777).toBe(0o600);
    }
    await cloud.close();
    expect(await readdir(join(stateDir, "cloud"))).not.toContain("running.json");
  });

  it("says so when its state is no database", async () => {
    await (await start()).close();
    await writeFile(
      join(stateDir, "cloud", "metadata.sqlite"),
      "something else, and long enough to be looked at ".repeat(40),
    );
    expect((await failure(start())).code).toBe("STATE_UNREADABLE");
  });
});
