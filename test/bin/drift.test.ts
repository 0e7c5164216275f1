import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findDrift } from "../../local/deploy";
import { Project, type Ended, type RunningShop } from "../e2e/support/project";

jest.setTimeout(300_000);

/** Put into the cloud by hand: it must appear in nothing that is printed. */
const PLANTED = "sk-planted-by-hand-0123456789";
const WORKER = "wandstore-dev-storefront";
/** The commands of the guide, without the way to call the command line. */
const guided = [
  ...readFileSync(path.resolve(__dirname, "../../docs/guides/drift.md"), "utf8").matchAll(
    /^npm run -s wandstore -- (.*)$/gm,
  ),
].map(([, line]) => line!.split(" "));

interface Report {
  drifted: boolean;
  remedy: string;
  compared: number;
  resources: {
    name: string;
    what: string;
    deletedWith?: string;
    byHand?: string;
    properties: { path: string; state?: unknown; cloud?: unknown }[];
  }[];
  strays: { what: string; name: string }[];
  notes: string[];
}

describe("wandstore drift, of a stack in the embedded cloud", () => {
  const project = new Project();
  let shop: RunningShop;
  const said: string[] = [];
  beforeAll(async () => {
    project.edit("Pulumi.dev.yaml", (text) => text.replace(/size: 10\b/, "size: 2"));
    shop = await project.start();
  });
  afterAll(() => project.remove());

  const run = async (...args: string[]): Promise<Ended> => {
    const ended = await project.run(...args, "-s", "dev");
    said.push(ended.stdout, ended.stderr);
    return ended;
  };
  const driftOf = async (code: number): Promise<Report> => {
    const ended = await run("drift", "--json");
    expect([ended.code, ended.stderr]).toEqual([code, ""]);
    return JSON.parse(ended.stdout) as Report;
  };
  /** The same without another process: starting one is most of the time that a command takes. */
  const look = async (): Promise<Omit<Report, "drifted" | "remedy">> => {
    const { dir: projectDir, stateDir } = project;
    const report = await findDrift({ projectDir, stack: "dev", stateDir, cloud: { ...shop, registryUrl: "" } });
    said.push(JSON.stringify(report));
    return report!;
  };
  /** What somebody does in the dashboard, or with a script of their own. */
  const byHand = async <T>(method: string, route: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${shop.apiUrl}/accounts/${shop.accountId}/${route}`, {
      method,
      headers: { authorization: `Bearer ${shop.apiToken}`, "content-type": "application/json" },
      body: typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body),
    });
    const { success, result, errors } = (await answer.json()) as { success: boolean; result: T; errors: unknown };
    if (!success) throw new Error(`${method} ${route}: ${JSON.stringify(errors)}`);
    return result;
  };
  const namespace = async (title: string): Promise<string> => {
    const all = await byHand<{ id: string; title: string }[]>("GET", "storage/kv/namespaces?per_page=100");
    return all.find((one) => one.title === title)!.id;
  };
  const sql = async (text: string): Promise<void> => {
    const [database] = await byHand<{ uuid: string }[]>("GET", "d1/database?name=wandstore-dev-db");
    await byHand("POST", `d1/database/${database!.uuid}/query`, { sql: text });
  };
  /** Another version of the Worker, with one variable changed, one added, and all requests. */
  const deployOtherVersion = async (): Promise<string> => {
    type Binding = { name: string; type: string; text?: string };
    const [newest] = await byHand<{ id: string }[]>("GET", `workers/workers/${WORKER}/versions`);
    const versions = `workers/workers/${WORKER}/versions`;
    const version = await byHand<Record<string, unknown> & { bindings: Binding[] }>(
      "GET",
      `${versions}/${newest!.id}?include=modules`,
    );
    const { main_module, modules, compatibility_date, compatibility_flags, containers } = version;
    const bindings = version.bindings.map((one) => {
      if (one.type === "secret_text") return { type: "inherit", name: one.name };
      return one.name === "POOL_SIZE" ? { ...one, text: "9" } : one;
    });
    bindings.push({ type: "plain_text", name: "MODEL_API_KEY", text: PLANTED });
    const sent = { main_module, modules, compatibility_date, compatibility_flags, containers, bindings };
    return (await byHand<{ id: string }>("POST", `${versions}?deploy=true`, sent)).id;
  };

  it("finds nothing in a stack that nobody touched, and ends with 0", async () => {
    expect(await look()).toMatchObject({ resources: [], strays: [], notes: [] });
    const [drift, doctor, ...more] = guided;
    expect(more).toEqual([]);
    const { code, stdout } = await project.run(...drift!);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^No drift: the \d+ resources of stack dev/)]);
    expect((await project.run(...doctor!)).stdout).toMatch(/✓ state folder +\S+: an embedded cloud runs on it/);
  });

  let running: string;
  it("names each property that was changed by hand, with both values, and nothing else; ends with 2", async () => {
    await byHand("PUT", `storage/kv/namespaces/${await namespace("wandstore-dev-ui-cache")}`, { title: "by-hand" });
    await byHand("PUT", "r2/buckets/wandstore-dev-generated-ui/lifecycle", { rules: [] });
    running = await deployOtherVersion();
    await byHand("PUT", `workers/scripts/${WORKER}/schedules`, []);
    const [application] = await byHand<{ id: string }[]>("GET", "containers/applications");
    await byHand("PATCH", `containers/applications/${application!.id}`, { max_instances: 7 });
    const stores = `storage/kv/namespaces/${await namespace("wandstore-dev-stores")}`;
    const record = await fetch(`${shop.apiUrl}/accounts/${shop.accountId}/${stores}/values/store:magic-wands`, {
      headers: { authorization: `Bearer ${shop.apiToken}` },
    });
    const changed = { ...((await record.json()) as object), name: "Wands by hand" };
    await byHand("PUT", `${stores}/values/store:magic-wands`, JSON.stringify(changed));
    await sql("DROP TABLE ui_generations; ALTER TABLE shoppers ADD COLUMN email TEXT");
    await sql("DELETE FROM d1_migrations WHERE name = '0002_forgetting.sql'");
    await byHand("POST", "storage/kv/namespaces", { title: "wandstore-dev-forgotten" });
    await byHand("POST", "storage/kv/namespaces", { title: "wandstore-development-cache" });

    const { resources, strays } = await driftOf(2);
    const found = Object.fromEntries(resources.map((one) => [one.name, one.properties]));
    expect(Object.keys(found).toSorted()).toEqual([
      "catalogue-magic-wands",
      "pool-application",
      "storage-lifecycle",
      "storage-migrations",
      "storage-ui-cache",
      "storefront-deployment",
      "storefront-housekeeping",
    ]);
    expect(found["storage-ui-cache"]).toEqual([{ path: "title", state: "wandstore-dev-ui-cache", cloud: "by-hand" }]);
    expect(found["storage-lifecycle"]).toEqual([
      { path: 'rules["expire-generated-pages"]', state: expect.objectContaining({ id: "expire-generated-pages" }) },
    ]);
    expect(found["storefront-housekeeping"]).toEqual([{ path: "schedules[0]", state: { cron: "17 3 * * *" } }]);
    expect(found["pool-application"]).toEqual([{ path: "maxInstances", state: 2, cloud: 7 }]);
    expect(found["catalogue-magic-wands"]).toEqual([
      { path: "value.name", state: "Magic Wands", cloud: "Wands by hand" },
    ]);
    expect(found["storefront-deployment"]).toEqual([
      { path: "versionId", state: expect.stringMatching(/^[0-9a-f-]{36}$/), cloud: running },
      { path: 'bindings["POOL_SIZE"].text', state: "2", cloud: "9" },
      { path: 'bindings["MODEL_API_KEY"]', cloud: "[secret]" },
    ]);
    expect(found["storage-migrations"]).toEqual([
      { path: 'migrations["0002_forgetting.sql"]', state: expect.objectContaining({ name: "0002_forgetting.sql" }) },
      {
        path: "tables.shoppers",
        state: expect.not.stringContaining("email"),
        cloud: expect.stringContaining("email TEXT"),
      },
      { path: "tables.ui_generations", state: expect.stringContaining("CREATE TABLE") },
      { path: "indexes.idx_generations_shopper", state: expect.stringContaining("CREATE INDEX") },
      { path: "indexes.idx_generations_started", state: expect.stringContaining("CREATE INDEX") },
      { path: "indexes.idx_generations_status", state: expect.stringContaining("CREATE INDEX") },
    ]);
    expect(strays).toEqual([{ what: "KV namespace", name: "wandstore-dev-forgotten", id: expect.any(String) }]);
  });

  it("says it in a table, with what puts it right", async () => {
    const { code, stdout } = await run("drift");
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Drift of stack dev: 7 of \d+ resources/);
    expect(stdout).toMatch(
      /ContainerApplication {2}pool-application\n +property +state +cloud\n +maxInstances +2 +7\n/,
    );
    expect(stdout).toContain('"wandstore up --refresh -s dev" puts back');
    expect(stdout).toMatch(/No deployment puts a database right.*time-travel/);
    expect(stdout).toContain("wandstore-dev-forgotten");
  });

  it("names what was deleted, with what went along", async () => {
    await byHand("DELETE", "r2/buckets/wandstore-dev-generated-ui");
    await byHand("DELETE", `storage/kv/namespaces/${await namespace("wandstore-dev-stores")}`);
    const deleted = (await look()).resources.filter(({ what }) => what === "deleted");
    const bucket = expect.stringMatching(/::storage-generated-ui$/) as unknown;
    const stores = expect.stringMatching(/::storage-stores$/) as unknown;
    const of = (name: string) => deleted.find((one) => one.name === name);
    expect(deleted.map(({ name }) => name).toSorted()).toEqual([
      "catalogue-magic-wands",
      "catalogue-moss-and-kettle",
      "release-record",
      "storage-generated-ui",
      "storage-lifecycle",
      "storage-stores",
    ]);
    expect(of("storage-lifecycle")?.deletedWith).toEqual(bucket);
    expect(of("catalogue-magic-wands")?.deletedWith).toEqual(stores);
    expect(of("storage-generated-ui")).not.toHaveProperty("deletedWith");
  });

  it("an up that refreshes puts all of it right but the database, and goes on naming that", async () => {
    const up = await run("up", "--refresh");
    expect([up.code, up.stdout]).toEqual([0, expect.stringMatching(/storage-generated-ui was deleted by hand/)]);
    const { resources } = await look();
    expect(resources.map(({ name }) => name)).toEqual(["storage-migrations"]);
    expect((await fetch(`${shop.edgeUrl}/s/magic-wands`)).status).toBe(200);

    const missing = resources[0]!.properties.filter(({ cloud }) => cloud === undefined);
    const texts = missing.flatMap(({ path: at, state }) => (at.startsWith("migrations") ? [] : [String(state)]));
    await sql(texts.join("; "));
    await sql("ALTER TABLE shoppers DROP COLUMN email");
    await sql("INSERT INTO d1_migrations (name) VALUES ('0002_forgetting.sql')");
    expect((await look()).resources).toEqual([]);
  });

  it("shows no secret, neither the stack's nor one that somebody left in the open", async () => {
    const shown = await project.run("outputs", "-s", "dev", "--json", "--show-secrets");
    const { adminToken } = JSON.parse(shown.stdout) as { adminToken: string };
    for (const text of said) {
      expect(text).not.toContain(PLANTED);
      expect(text).not.toContain(adminToken);
      expect(text).not.toContain(shop.apiToken);
    }
  });
});

describe("wandstore drift, where it cannot look", () => {
  const project = new Project();
  afterAll(() => project.remove());

  it("says that a stack is not deployed", async () => {
    const { code, stdout } = await project.run("drift", "-s", "dev", "--json", "--api-port", "0");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "NOT_DEPLOYED", message: expect.stringMatching(/npm start/) },
    });
  });

  /** A `pulumi` that says what it is told to. */
  const pulumiThat = (script: string): void => {
    const folder = path.join(project.dir, "programs");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, "pulumi"), 0o755);
    project.env["PATH"] = `${folder}:/usr/bin:/bin`;
  };

  it("says that a real account's stack takes the Pulumi CLI, where there is none", async () => {
    project.env["PATH"] = project.dir;
    const { code, stdout } = await project.run("drift", "-s", "prod", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "NO_PULUMI", message: expect.stringMatching(/Install it/) },
    });
  });

  it("turns what the Pulumi CLI saw into the same table, and its refusal into a failure", async () => {
    const type = "wandstore:index:ContainerApplication";
    const state = (maxInstances: number) => ({ id: "app", inputs: { maxInstances }, outputs: {} });
    const metadata = {
      op: "update",
      urn: `urn:pulumi:prod::wandstore::${type}::pool`,
      type,
      old: state(10),
      new: state(50),
    };
    pulumiThat(
      `[ "$1 $2 $4$PULUMI_SKIP_CONFIRMATIONS" = "refresh --preview-only prod" ] && echo '${JSON.stringify({ resOutputsEvent: { metadata } })}'`,
    );
    project.env["PULUMI_SKIP_CONFIRMATIONS"] = "true"; // to the CLI it is --yes, which it refuses beside --preview-only
    const found = await project.run("drift", "-s", "prod");
    expect([found.code, found.stdout]).toEqual([2, expect.stringMatching(/maxInstances +10 +50\n/)]);
    expect(found.stdout).toContain('"pulumi up --refresh -s prod"');
    expect(found.stderr).toMatch(/not looked at: .*CLOUDFLARE_ACCOUNT_ID/);

    pulumiThat("echo 'error: no stack named prod found' >&2; exit 6");
    const failed = await project.run("drift", "-s", "prod", "--json");
    expect([failed.code, JSON.parse(failed.stdout)]).toEqual([
      1,
      {
        error: { code: "REFRESH_FAILED", message: expect.stringMatching(/ended with 6:\nerror: no stack named prod/) },
      },
    ]);
  });
});
