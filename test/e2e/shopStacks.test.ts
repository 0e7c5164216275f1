import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { connectCloudflare } from "../../infra/cloudflare";
import { exportShop } from "../../infra/fleet/exportShop";
import { shopAt } from "../../infra/fleet/list";
import { namesIn } from "../../infra/fleet/collisions";
import { namesOf } from "../../infra/naming";
import { type Cloud, startCloud } from "../../local/cloud";
import { plain, type Value } from "../../local/deploy/engine/values";
import { StateFile } from "../../local/deploy/state/stateFile";
import { DURABLE_OBJECTS } from "../../runtime/contract/bindings";
import { nextAlarm, rowsOf } from "./support/objects";
import { Project } from "./support/project";

jest.setTimeout(300_000);

const CATALOGUES = path.resolve(__dirname, "../../../shared/data/catalogs");
const CSV = "Handle,Title,Vendor,Type,Variant Price,Status\nassam,Assam,Tea House,Tea,9.50,active\n";
const LIMIT_MS = 120_000;
/** No alarm of the shop's own rings while its neighbour goes. */
const QUIET_MS = 15 * 60_000;
/** The classes whose objects hold what belongs to a shop; the others count and watch, each minute by itself. */
const SHOPS: readonly string[] = [DURABLE_OBJECTS.POOL, DURABLE_OBJECTS.SHOPPER, DURABLE_OBJECTS.STORE_SYNC];

interface Created {
  products: number;
  up: { page: string; served: boolean; changeSummary: Record<string, number> };
}

/** Two merchants in one account: the second one's data is looked at while the first one goes. */
describe("two shops in one cloud", () => {
  const project = new Project();
  let cloud: Cloud;
  const pages: Record<string, string> = {};

  const json = async <Document>(...args: string[]): Promise<Document> => {
    const { code, stdout, stderr } = await project.run("shop", ...args, "--local", "--json");
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Document;
  };
  const open = async (): Promise<void> => {
    cloud = await startCloud({ stateDir: project.stateDir, apiPort: 0, edgePort: 0 });
  };
  const account = () => {
    const doors = connectCloudflare({ baseUrl: cloud.apiUrl, apiToken: cloud.apiToken });
    return { ...doors, accountId: cloud.accountId };
  };
  /** GET at a shop's own host, wherever the edge is. */
  const ask = async (slug: string, pathname: string) => {
    const { api, edge } = account();
    await api("GET", "/user/tokens/verify");
    return edge(new URL(pathname, pages[slug]).href, { deadlineMs: 30_000 });
  };
  const stateOf = (slug: string) => new StateFile(project.stateDir, "wandstore", `shop-${slug}`).read();
  /** All that the account keeps for a shop, by the check sums of its export. */
  const dataOf = async (slug: string, name: string): Promise<string[]> => {
    const out = path.join(project.dir, name);
    const { data = "" } = await exportShop(shopAt(project.dir, slug), account(), out);
    const sums = readFileSync(path.join(out, "SHA256SUMS"), "utf8").split("\n");
    return sums.flatMap((line) => {
      const [sum = "", file = ""] = line.split("  ");
      const isData = file.startsWith(`${data}/`) && !file.endsWith("manifest.json"); // which has the time
      return isData ? [`${sum} ${file.slice(data.length + 1)}`] : [];
    });
  };

  beforeAll(async () => {
    await open();
    const csv = path.join(CATALOGUES, "apparel.csv");
    project.write("export.csv", existsSync(csv) ? readFileSync(csv, "utf8") : CSV);
    for (const slug of ["acme", "beta"]) {
      const { products, up } = await json<Created>(
        "create",
        slug,
        "--from",
        path.join(project.dir, "export.csv"),
        "--up",
      );
      expect([products > 0, up.served, up.changeSummary["create"]! > 20]).toEqual([true, true, true]);
      pages[slug] = up.page;
    }
  });
  afterAll(async () => {
    await cloud.close();
    await project.remove();
  });

  it("each answers at an address of its own, from the one command that made it", async () => {
    const origins = Object.values(pages).map((page) => new URL(page).hostname);
    expect(origins).toEqual(["wandstore-shop-acme-storefront.localhost", "wandstore-shop-beta-storefront.localhost"]);
    for (const slug of ["acme", "beta"]) {
      const { status, body } = await ask(slug, `/s/${slug}`);
      expect([status, body.includes("<html")]).toEqual([200, true]);
    }
  });

  it("says where else a shop may be, when nobody names the account to export it from", async () => {
    const { code, stderr } = await project.runPlain("shop", "export", "acme", "--out", "nowhere");
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nobody says the account: .*; or add --local for the embedded cloud/);
  });

  it("neither knows the other's shop", async () => {
    expect([(await ask("acme", "/s/beta")).status, (await ask("beta", "/s/acme")).status]).toEqual([404, 404]);
  });

  it("they share the image and nothing else: no id, no secret, no name", () => {
    const [acme, beta] = [stateOf("acme"), stateOf("beta")];
    const ids = (state: typeof acme): Set<string> =>
      new Set(state.resources.flatMap(({ id }) => (id === undefined || id === "" ? [] : [id])));
    const shared = [...ids(acme)].filter((id) => ids(beta).has(id));
    // Passwords have no id of their own: "none" (as @pulumi/random has it).
    expect(shared.filter((id) => !id.includes("wandstore-generator") && id !== "none")).toEqual([]);
    const secrets = (state: typeof acme): string[] =>
      state.resources.flatMap(({ type, outputs }) =>
        type === "random:index/randomPassword:RandomPassword" ? textsIn(plain(outputs["result"] ?? null)) : [],
      );
    expect(secrets(acme).length).toBeGreaterThan(2);
    expect(secrets(acme).filter((secret) => JSON.stringify(beta).includes(secret))).toEqual([]);
    for (const name of namesIn(namesOf("shop-acme"))) expect(JSON.stringify(beta)).not.toContain(name);
    // What the Worker is bound to, as the account has it, is what its own stack made.
    const bound = textsIn(beta.resources.find(({ type }) => type === "wandstore:index:WorkerVersion")!.inputs);
    const foreign = acme.resources.flatMap(({ type, id }) => (/Namespace|D1|R2/.test(type) && id ? [id] : []));
    expect(foreign.length).toBeGreaterThan(5);
    expect(bound.filter((text) => foreign.includes(text))).toEqual([]);
  });

  it("one is destroyed, and of the other every byte is as it was", async () => {
    const { api, raw } = account();
    const names = namesOf("shop-beta");
    const at = `/accounts/${cloud.accountId}`;
    const namespaces = await api<{ id: string; title: string }[]>("GET", `${at}/storage/kv/namespaces?per_page=1000`);
    const sessions = namespaces.find(({ title }) => title === names.kv.SHOPPER_SESSIONS)!.id;
    await raw("PUT", `${at}/storage/kv/namespaces/${sessions}/values/session%3Abeta%3Aada`, "of the neighbour");
    const [database] = await api<{ uuid: string }[]>("GET", `${at}/d1/database?name=${names.database}`);
    await api("POST", `${at}/d1/database/${database!.uuid}/query`, { sql: "CREATE TABLE kept (id TEXT)" });
    await api("POST", `${at}/d1/database/${database!.uuid}/query`, { sql: "INSERT INTO kept VALUES ('beta')" });
    const objects = await api<Namespace[]>("GET", `${at}/workers/durable_objects/namespaces?per_page=1000`);
    const own = objects.filter((object) => object.script === names.worker && SHOPS.includes(object.class));
    const ids = own.map(({ id }) => id);
    expect(ids).toHaveLength(SHOPS.length);
    await untilStored("beta");
    // What the shop still writes by itself is over, and nobody asks it anything from here on.
    await until("at rest", () => nextAlarm(project.stateDir, ids) > Date.now() + QUIET_MS);
    await cloud.close();
    const objectsBefore = rowsOf(project.stateDir, ids);
    await open();
    const before = await dataOf("beta", "before");
    const { exported } = await json<{ exported: string[] }>("destroy", "acme", "--yes", "--remove-files");
    const after = await dataOf("beta", "after");
    await cloud.close();
    const objectsAfter = rowsOf(project.stateDir, ids);
    await open();

    expect(before.length).toBeGreaterThan(5); // four namespaces, the database, an object at least
    expect(after).toEqual(before);
    expect(objectsBefore.some((row) => row.includes("jobs"))).toBe(true);
    expect(objectsAfter).toEqual(objectsBefore);
    expect((await ask("beta", "/s/beta")).status).toBe(200);
    // And of the one that went: its data beside the project, its files gone.
    expect(readdirSync(path.join(project.dir, exported[0]!))).toEqual(expect.arrayContaining(["d1.sql", "kv", "r2"]));
    expect(existsSync(path.join(project.dir, "stores/acme"))).toBe(false);
    const left = await account().api<{ title: string }[]>("GET", `${at}/storage/kv/namespaces?per_page=1000`);
    expect(left.map(({ title }) => title).toSorted()).toEqual(Object.values(names.kv).toSorted());
  });

  it("a list tells which is deployed, and that files have changed since", async () => {
    const { shops } = await json<{ shops: object[] }>("list");
    expect(shops).toEqual([
      expect.objectContaining({
        slug: "beta",
        state: "deployed",
        address: pages["beta"],
        products: expect.any(Number),
      }),
    ]);
    project.edit("stores/beta/products.csv", (text) => text.trimEnd().split("\n").slice(0, -1).join("\n"));
    expect((await json<{ shops: object[] }>("list")).shops).toMatchObject([{ slug: "beta", state: "changed" }]);
  });

  /** Visits until a page of the shop is in the bucket. */
  function untilStored(slug: string): Promise<void> {
    const objects = `/accounts/${cloud.accountId}/r2/buckets/${namesOf(`shop-${slug}`).bucket}/objects`;
    return until(`a page of ${slug}`, async () => {
      await ask(slug, `/s/${slug}`);
      return (await account().api<object[]>("GET", objects)).length > 0;
    });
  }
});

interface Namespace {
  id: string;
  script: string;
  class: string;
}

/** Asks until it is so. */
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
}

/** Every text in a value. */
function textsIn(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((inner) => textsIn(inner as Value));
}
