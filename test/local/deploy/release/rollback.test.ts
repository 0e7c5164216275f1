import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StackAccount } from "../../../../local/deploy";
import { CloudflareError } from "../../../../infra/cloudflare";
import { keyOf, type ReleaseRecord } from "../../../../infra/release";
import { pinOf, planRollback } from "../../../../local/deploy/release/rollback";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const imageOf = (letter: string): string => `registry.cloudflare.com/acc/wandstore-generator@${digest(letter)}`;

/** Release `n` of a stack, on the day of that number. */
const release = (n: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  version: 1,
  releaseId: `2026110${n}T000000Z-version${n}`,
  at: `2026-11-0${n}T00:00:00.000Z`,
  stack: "prod",
  worker: { scriptName: "wandstore-prod-storefront", versionId: `version${n}` },
  generator: { applicationId: "app", image: imageOf("a"), buildId: `build${n}` },
  schemaLevel: "0001_initial.sql",
  migrationTag: "v1",
  ...more,
});

/** What the account has; each test changes what it needs. */
let there: {
  records: ReleaseRecord[];
  live: { version_id: string; percentage: number }[];
  image: string;
  schemaLevel: string;
  versions: string[];
  images: string[];
};
let registry: Server;
let projectDir: string;

beforeAll(async () => {
  registry = createServer(({ url }, response) => {
    const found = there.images.find((image) => url === `/v2/acc/wandstore-generator/manifests/${image}`);
    response.writeHead(found === undefined ? 404 : 200, found === undefined ? {} : { "docker-content-digest": found });
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => registry.once("listening", resolve));
  projectDir = mkdtempSync(path.join(tmpdir(), "wand-rollback-"));
  mkdirSync(path.join(projectDir, "infra/migrations"), { recursive: true });
  const migration = (name: string, sql: string) => writeFileSync(path.join(projectDir, "infra/migrations", name), sql);
  migration("0001_initial.sql", "CREATE TABLE a (id);");
  migration("0002_more.sql", "-- rollback: safe\nALTER TABLE a ADD b;");
  migration("0003_less.sql", "ALTER TABLE a DROP b;");
});
afterAll(() => {
  registry.close();
  rmSync(projectDir, { recursive: true, force: true });
});
beforeEach(() => {
  there = {
    records: [release(1), release(2), release(3)],
    live: [{ version_id: "version3", percentage: 100 }],
    image: imageOf("a"),
    schemaLevel: "0001_initial.sql",
    versions: ["version1", "version2", "version3"],
    images: [digest("a")],
  };
});

/** An account that answers as Cloudflare does, to just the questions that a rollback asks. */
const account = (): StackAccount => {
  const answers: Record<string, () => unknown> = {
    "GET storage/kv/namespaces": () => [{ id: "kv", title: "wandstore-prod-stores" }],
    "GET workers/scripts/wandstore-prod-storefront/deployments": () => ({ deployments: [{ versions: there.live }] }),
    "GET containers/applications/app": () => ({ configuration: { image: there.image } }),
    "GET workers/scripts/wandstore-prod-storefront/settings": () => ({ migration_tag: "v1" }),
    "GET d1/database": () => [{ uuid: "db", name: "wandstore-prod-db" }],
    "POST d1/database/db/query": () => [{ results: [{ name: there.schemaLevel }] }],
    "POST containers/registries/registry.cloudflare.com/credentials": () => ({
      registry_host: `127.0.0.1:${(registry.address() as AddressInfo).port}`,
      username: "v1",
      password: "short-lived",
    }),
  };
  const missing = (request: string) => new CloudflareError({ status: 404, code: 7003, message: "no", path: request });
  return {
    accountId: "acc",
    api: async (method, url) => {
      const request = `${method} ${url.replace("/accounts/acc/", "").replace(/\?.*/, "")}`;
      const version = /^GET workers\/workers\/.*\/versions\/(.*)$/.exec(request)?.[1];
      if (version !== undefined && there.versions.includes(version)) return {} as never;
      const answer = answers[request];
      if (answer === undefined) throw missing(request);
      return answer() as never;
    },
    raw: async (_method, url, body) => {
      const keys = there.records.map(({ releaseId }) => keyOf(releaseId));
      if (url.includes("/keys?")) return Response.json({ result: keys.map((name) => ({ name })) });
      const wanted = (body as { keys: string[] }).keys;
      const values = wanted.map((key) => [key, JSON.stringify(there.records[keys.indexOf(key)])]);
      return Response.json({ result: { values: Object.fromEntries(values) as object } });
    },
    edge: () => Promise.reject(new Error("a rollback asks no Worker")),
  };
};
const plan = (more: { to?: string; pinned?: string } = {}) =>
  planRollback({ account: account(), projectDir, stack: "prod", ...more });

describe("the plan of a rollback", () => {
  it("goes to the release before the one that runs, and says what changes and what stays", async () => {
    const { from, to, refused, changes } = await plan();
    expect([from?.releaseId, to?.releaseId, refused]).toEqual([release(3).releaseId, release(2).releaseId, []]);
    expect(changes).toEqual([
      { what: "release", before: release(3).releaseId, after: release(2).releaseId },
      { what: "Worker version", before: "version3", after: "version2" },
      { what: "image", before: digest("a") },
      { what: "schema", before: "0001_initial.sql" },
      { what: "Durable Objects", before: "v1" },
    ]);
    expect(pinOf(to!)).toEqual({
      release: release(2).releaseId,
      versionId: "version2",
      image: imageOf("a"),
      buildId: "build2",
    });
  });

  it("goes to the release that is named, by the beginning of its id if that is clear", async () => {
    expect((await plan({ to: "20261101" })).to?.releaseId).toBe(release(1).releaseId);
    expect((await plan({ to: "2026" })).refused).toEqual([expect.stringMatching(/More than one.*20261103.*20261101/)]);
    expect((await plan({ to: "never" })).refused).toEqual([expect.stringMatching(/No release never is recorded/)]);
  });

  it("does not go forward again after a rollout was taken back: what runs then is the release before", async () => {
    there.live = [{ version_id: "version2", percentage: 100 }]; // rollout return, with version3 recorded and promoted before
    const { from, to, changes } = await plan();
    expect([from?.releaseId, to?.releaseId]).toEqual([release(2).releaseId, release(1).releaseId]);
    expect(changes).toContainEqual({ what: "Worker version", before: "version2", after: "version1" });
    // A rollback that failed half-way still arrives where it was going.
    expect((await plan({ pinned: release(2).releaseId })).to?.releaseId).toBe(release(2).releaseId);
  });

  it("takes the image back, too, where only the requests went back", async () => {
    there.records = [release(1), release(2), release(3, { generator: { applicationId: "app", image: imageOf("b") } })];
    there.image = imageOf("b");
    there.live = [{ version_id: "version2", percentage: 100 }];
    const { from, to, changes } = await plan();
    expect([from?.releaseId, to?.releaseId]).toEqual(["(not recorded)", release(2).releaseId]);
    expect(changes).toContainEqual({ what: "image", before: digest("b"), after: digest("a") });
  });

  it("goes to the last record when what runs was never recorded: its deployment failed", async () => {
    there.live = [{ version_id: "version4", percentage: 100 }];
    const { from, to, refused } = await plan();
    expect([from?.releaseId, from?.worker.versionId]).toEqual(["(not recorded)", "version4"]);
    expect([to?.releaseId, refused]).toEqual([release(3).releaseId, []]);
    there.live = [{ version_id: "version3", percentage: 100 }];
    there.image = imageOf("b");
    expect((await plan()).to?.releaseId).toBe(release(3).releaseId);
  });

  it("goes on to where a rollback was going that stopped half-way", async () => {
    there.live = [{ version_id: "version1", percentage: 100 }];
    there.image = imageOf("b");
    expect((await plan({ pinned: release(1).releaseId })).to?.releaseId).toBe(release(1).releaseId);
    expect((await plan({ pinned: "gone" })).to?.releaseId).toBe(release(3).releaseId);
  });

  it("is refused while a rollout is under way, unless a release is named", async () => {
    there.live = [
      { version_id: "version4", percentage: 75 },
      { version_id: "version3", percentage: 25 },
    ];
    expect((await plan()).refused).toEqual([
      expect.stringMatching(/version4 at 75 %, version3 at 25 %.*rollout return/),
    ]);
    expect(await plan({ to: "20261102" })).toMatchObject({ refused: [], to: release(2) });
  });

  it("is judged by the schema that the database has, not by the one that was recorded", async () => {
    there.schemaLevel = "0002_more.sql";
    expect((await plan()).refused).toEqual([]);
    there.schemaLevel = "0003_less.sql";
    expect((await plan()).refused).toEqual([expect.stringMatching(/0003_less\.sql.*rollback: safe/)]);
  });

  it("is refused when the version or the image is gone", async () => {
    there.versions = ["version3"];
    there.images = [];
    expect((await plan()).refused).toEqual([
      expect.stringContaining("no longer has version version2"),
      expect.stringContaining("no longer has the image"),
    ]);
  });

  it("is refused where nothing was ever released", async () => {
    there.records = [];
    expect(await plan()).toMatchObject({
      from: undefined,
      to: undefined,
      refused: [expect.stringMatching(/No release/)],
    });
  });
});
