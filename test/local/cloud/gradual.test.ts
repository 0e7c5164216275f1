import { atEdge, esModule, eventually, generator, startTestCloud, type TestCloud } from "./support";

/** Answers with its version, its count of a Durable Object, after as long as `?wait=` says. */
const code = (version: string) => `
  import { DurableObject } from "cloudflare:workers";
  export class Counter extends DurableObject {
    async next() {
      const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
      await this.ctx.storage.put("n", n);
      return n + " by ${version}";
    }
  }
  export default { async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const wait = Number(searchParams.get("wait"));
    if (wait > 0) console.log("took one that waits");
    await scheduler.wait(wait);
    if (pathname !== "/count") return new Response("${version}");
    return new Response("${version}: " + await env.COUNTER.get(env.COUNTER.idFromName("one")).next());
  } };`;
const bindings = [{ type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" }];
const UNKNOWN = "3d6f5a9e-0c1b-4f0e-9d53-6c2ab1a0ffee";

describe("Gradual deployments in the embedded cloud", () => {
  let test: TestCloud;
  let worker: string;
  let old: string;
  let next: string;
  const lines: string[] = [];

  beforeAll(async () => {
    test = await startTestCloud({ random: generator(7), log: (line) => lines.push(line) });
    const { id } = await test.client.workers.beta.workers.create({
      account_id: test.accountId,
      name: "shop",
      subdomain: { enabled: true },
    } as never);
    worker = id;
    old = await upload("old", { migrations: { new_tag: "v1", new_sqlite_classes: ["Counter"] } });
    await deploy([old, 100]);
    next = await upload("new");
  }, 60_000);
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  async function upload(version: string, more: object = {}): Promise<string> {
    const { id } = await test.client.workers.beta.workers.versions.create(worker, {
      account_id: test.accountId,
      main_module: "index.js",
      modules: [esModule("index.js", code(version))],
      compatibility_date: "2026-01-01",
      bindings,
      ...more,
    } as never);
    return id;
  }
  const deploy = (...shares: [string, number][]) =>
    test.api("POST", `/accounts/${test.accountId}/workers/scripts/shop/deployments`, {
      strategy: "percentage",
      versions: shares.map(([version_id, percentage]) => ({ version_id, percentage })),
    });
  const ask = async (path = "/", headers: Record<string, string> = {}) =>
    (await atEdge(test.cloud.edgeUrl, "shop.localhost", path, headers)).text;
  const override = (version: string) => ({ "cloudflare-workers-version-overrides": `shop="${version}"` });

  it("sends a tenth of 1,000 requests to the new version", async () => {
    expect((await deploy([next, 10], [old, 90])).status).toBe(200);
    const answers: string[] = [];
    for (let round = 0; round < 50; round++) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => ask()))));
    }
    const share = answers.filter((answer) => answer === "new").length;
    // Binomial, n = 1,000, p = 0.1: a deviation of 4 sigma (9.49 each) has a chance of 1 in 16,000.
    expect(share).toBeGreaterThan(100 - 38);
    expect(share).toBeLessThan(100 + 38);
    expect(answers.filter((answer) => answer === "old")).toHaveLength(1000 - share);
  }, 60_000);

  it("keeps to the version that a key or the caller names", async () => {
    for (const key of ["ann", "bob", "eve"]) {
      const headers = { "cloudflare-workers-version-key": key };
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask("/", headers)));
      expect(new Set(answers).size).toBe(1);
    }
    expect(await ask("/", override(next))).toBe("new");
    expect(await ask("/", override(old))).toBe("old");
    expect(["old", "new"]).toContain(await ask("/", override(UNKNOWN)));
  });

  it("has one Durable Object for both versions, of the version that was there first", async () => {
    expect(await ask("/count", override(old))).toBe("old: 1 by old");
    expect(await ask("/count", override(next))).toBe("new: 2 by old");
    expect(await ask("/count", override(old))).toBe("old: 3 by old");
    await deploy([next, 90], [old, 10]);
    expect(await ask("/count", override(next))).toBe("new: 4 by old");
    await test.restart();
    expect(await ask("/count", override(next))).toBe("new: 5 by old");
  }, 60_000);

  it("promotes, and returns, without breaking off what is open", async () => {
    const changes: [[string, number][], string][] = [
      [[[next, 100]], "new"],
      [
        [
          [next, 50],
          [old, 50],
        ],
        "either",
      ],
      [[[old, 100]], "old"],
    ];
    for (const [shares, expected] of changes) {
      const open = ask("/?wait=700");
      await eventually(async () => lines.some((line) => line.includes("took one that waits")));
      lines.length = 0;
      expect((await deploy(...shares)).status).toBe(200);
      const after = await Promise.all(Array.from({ length: 5 }, () => ask()));
      expect(["old", "new"]).toContain(await open);
      if (expected !== "either") expect(new Set(after)).toEqual(new Set([expected]));
    }
    expect(await ask("/count")).toBe("old: 6 by old");
  }, 60_000);

  it("refuses shares that are none", async () => {
    const cases: [[string, number][], string][] = [
      [[[old, 60]], "Invalid deployment: percentages must sum to 100"],
      [
        [
          [old, 60],
          [next, 60],
        ],
        "Invalid deployment: percentages must sum to 100",
      ],
      [[[UNKNOWN, 100]], `Invalid deployment: Version not found: ${UNKNOWN}`],
      [
        [
          [old, 50],
          [UNKNOWN, 50],
        ],
        `Invalid deployment: Version not found: ${UNKNOWN}`,
      ],
      [[], "Invalid deployment: 0 versions; a deployment has one or two"],
      [
        [
          [old, 50],
          [next, 25],
          [UNKNOWN, 25],
        ],
        "Invalid deployment: 3 versions; a deployment has one or two",
      ],
      [
        [
          [old, 50],
          [old, 50],
        ],
        `Invalid deployment: the version ${old} is named twice`,
      ],
    ];
    for (const [shares, message] of cases) {
      const { status, body } = await deploy(...shares);
      expect([status, body.errors]).toEqual([400, [{ code: 10210, message }]]);
    }
    expect((await deploy([old, 101])).body.errors[0]?.code).toBe(10021);
    expect((await deploy([old, 110], [next, -10])).body.errors[0]?.code).toBe(10021);
    expect(await ask()).toBe("old");
  });

  it("refuses a version with Durable Object migrations beside another, and takes it alone", async () => {
    const migrations = { old_tag: "v1", new_tag: "v2", new_sqlite_classes: ["Other"] };
    const migrating = await upload("migrating", { migrations });
    const refused = await deploy([migrating, 10], [old, 90]);
    expect([refused.status, refused.body.errors[0]?.code]).toEqual([400, 10211]);
    expect(await ask()).toBe("old");
    expect((await deploy([migrating, 100])).status).toBe(200);
    expect(await ask()).toBe("migrating");
    expect((await deploy([migrating, 10], [old, 90])).status).toBe(200);
  }, 60_000);

  it("lists deployments newest first, with both versions; a share of 0 is for those who ask for it", async () => {
    await deploy([old, 100]);
    await deploy([next, 10], [old, 90]);
    const { result } = (await test.api("GET", `/accounts/${test.accountId}/workers/scripts/shop/deployments`)).body;
    const [first, second] = (result as { deployments: { versions: object[] }[] }).deployments;
    expect(first?.versions).toEqual([
      { version_id: next, percentage: 10 },
      { version_id: old, percentage: 90 },
    ]);
    expect(second?.versions).toEqual([{ version_id: old, percentage: 100 }]);

    const before = test.problems.length; // the description knows no share of 0, though Cloudflare's own guide does
    expect((await deploy([next, 0], [old, 100])).status).toBe(200);
    test.problems.length = before;
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => ask())))).toEqual(new Set(["old"]));
    expect(await ask("/", override(next))).toBe("new");
  }, 60_000);
});
