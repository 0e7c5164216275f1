import { setTimeout as wait } from "node:timers/promises";
import { cloudflareRaw } from "../../../infra/cloudflare";
import { createProvider, type WandStoreProvider } from "../../../infra/providers/provider";
import { listReleases } from "../../../infra/release";
import { pushBuild } from "../../local/cloud/pool";
import { atEdge, esModule, eventually, startTestCloud, type TestCloud } from "../../local/cloud/support";
import { urnOf } from "./setup";

const TOKEN = "planted-admin-token";
const CONTAINER = urnOf("ContainerApplication");
const DEPLOYMENT = urnOf("WorkersDeployment");

/** As far as a rollout is concerned, our Worker: a route for the admin that asks a member of the pool which build it runs. */
const code = (build: string) => `
  import { DurableObject } from "cloudflare:workers";
  export class Member extends DurableObject {
    async fetch(request) {
      const { container } = this.ctx;
      for (let tries = 0; tries < 40; tries++) {
        try {
          if (!container.running) {
            container.start({ enableInternet: false });
            container.monitor().catch(() => {});
          }
          // A container that is ended under a request may leave it without an answer.
          return await container.getTcpPort(8080).fetch(request, { signal: AbortSignal.timeout(3_000) });
        } catch { await scheduler.wait(25); }
      }
      return Response.json({ error: { code: "CONTAINER_ERROR" } }, { status: 503 });
    }
  }
  export default { async fetch(request, env) {
    const member = new URL(request.url).pathname.split("/api/pool/")[1];
    if (member === undefined) return new Response("${build}");
    if (request.headers.get("authorization") !== "Bearer ${TOKEN}") return new Response("no such page", { status: 404 });
    const answer = await env.MEMBER.get(env.MEMBER.idFromName(member)).fetch("http://member/");
    return answer.ok ? Response.json({ member, build_id: await answer.text() }) : answer;
  } };`;

describe("Releases in the embedded cloud", () => {
  let cloud: TestCloud;
  let provider: WandStoreProvider;
  let workerId: string;
  let namespaceId: string;
  let images: Record<"one" | "two" | "broken", string>;
  let state: Record<string, unknown>;

  beforeAll(async () => {
    cloud = await startTestCloud();
    const { apiUrl: baseUrl, apiToken } = cloud.cloud;
    // The cloud's containers take real time; the pauses between the questions need not be as long as with Cloudflare.
    provider = createProvider({ baseUrl, apiToken, sleep: (ms) => wait(Math.min(ms, 100)) });
    images = {
      one: await pushBuild(cloud, "one"),
      two: await pushBuild(cloud, "two"),
      broken: await pushBuild(cloud, "broken", "process.exit(1)"),
    };
    workerId = (
      await cloud.client.workers.beta.workers.create({
        account_id: cloud.accountId,
        name: "shop",
        subdomain: { enabled: true },
      } as never)
    ).id;
    const first = await upload("v-one", { migrations: { new_tag: "v1", new_sqlite_classes: ["Member"] } });
    await provider.create(DEPLOYMENT, deployment(first));
    const { result } = await cloud.client.durableObjects.namespaces.list({ account_id: cloud.accountId });
    namespaceId = result[0]?.id ?? "";
  }, 60_000);
  afterAll(async () => {
    await cloud.stop();
    expect(cloud.problems).toEqual([]);
  });

  async function upload(build: string, more: object = {}): Promise<string> {
    const { id } = await cloud.client.workers.beta.workers.versions.create(workerId, {
      account_id: cloud.accountId,
      main_module: "index.js",
      modules: [esModule("index.js", code(build))],
      compatibility_date: "2026-01-01",
      containers: [{ class_name: "Member" }],
      bindings: [{ type: "durable_object_namespace", name: "MEMBER", class_name: "Member" }],
      ...more,
    } as never);
    return id as string;
  }
  const deployment = (versionId: string, percentage = 100) => ({
    accountId: cloud.accountId,
    scriptName: "shop",
    versionId,
    percentage,
  });
  const application = (build: keyof typeof images, timeoutSeconds = 60, token = TOKEN) => ({
    accountId: cloud.accountId,
    name: "generator",
    namespaceId,
    image: images[build],
    instanceType: "lite",
    maxInstances: 3,
    verification: { url: "http://shop.localhost", token, members: 3, buildId: build, timeoutSeconds },
  });
  const builds = async () =>
    Promise.all(
      [0, 1, 2].map(async (index) => {
        const path = `/api/pool/pool-${index}`;
        const { text } = await atEdge(cloud.cloud.edgeUrl, "shop.localhost", path, {
          authorization: `Bearer ${TOKEN}`,
        });
        return (JSON.parse(text) as { build_id: string }).build_id;
      }),
    );
  const drift = async () => {
    const { inputs = {} } = await provider.read(String(state.applicationId), CONTAINER, state as never);
    return provider.diff("", CONTAINER, inputs, state as never);
  };

  test("a new pool is there when all members answer, and a new image when all members answer with it", async () => {
    const { id, outs = {} } = await provider.create(CONTAINER, application("one"));
    expect(outs).toMatchObject({ verifiedBuildId: "one" });
    const updated = await provider.update(id, CONTAINER, outs, application("two"));
    expect(updated.outs).toMatchObject({ verifiedBuildId: "two" });
    expect(await builds()).toEqual(["two", "two", "two"]);
    state = updated.outs ?? {};
    expect(await drift()).toMatchObject({ changes: false });
  }, 60_000);

  test("an image that does not start is taken back, and every member answers with the former one again", async () => {
    const id = String(state.applicationId);
    const error = (await provider
      .update(id, CONTAINER, state as never, application("broken", 10))
      .catch((failed: unknown) => failed)) as Error;
    expect(error.message).toMatch(/Not all members of generator answered build broken within 10 s: .*pool-0.*503/);
    expect(error.message).toContain(`The former image ${images.two} is back: all members answer build two.`);
    expect(await builds()).toEqual(["two", "two", "two"]);
    expect(await drift()).toMatchObject({ changes: false });
  }, 60_000);

  test("a token that is not the Worker's is said early", async () => {
    const error = await provider
      .update(String(state.applicationId), CONTAINER, state as never, application("one", 4, "another"))
      .catch((failed: unknown) => failed);
    expect((error as Error).message).toMatch(/pool-0, pool-1, pool-2 answered 404.*admin token/s);
    // The former image is rolled out without anybody waiting for it: until it is there, members may run the other one.
    await eventually(async () => (await builds()).every((build) => build === "two"), 30_000);
  }, 90_000);

  test("a new version gets its share beside the former one, then everything, then nothing", async () => {
    const next = await upload("v-two");
    const seen = async () => {
      const asked = Array.from({ length: 40 }, () => atEdge(cloud.cloud.edgeUrl, "shop.localhost"));
      return [...new Set((await Promise.all(asked)).map(({ text }) => text))].toSorted();
    };
    const { id, outs: half = {} } = await provider.create(DEPLOYMENT, deployment(next, 50));
    expect(await seen()).toEqual(["v-one", "v-two"]);
    const { outs: whole = {} } = await provider.update(id, DEPLOYMENT, half, deployment(next));
    expect(await seen()).toEqual(["v-two"]);
    const { outs: none = {} } = await provider.update(id, DEPLOYMENT, whole, deployment(next, 0));
    expect(await seen()).toEqual(["v-one"]);
    const { inputs } = await provider.read(id, DEPLOYMENT, none);
    expect(inputs).toEqual(deployment(next, 0));
  }, 60_000);

  test("a version with Durable Object migrations is refused beside another, with advice, and taken alone", async () => {
    const migrations = { old_tag: "v1", new_tag: "v2", new_sqlite_classes: ["Member2"] };
    const next = await upload("v-three", { migrations });
    await expect(provider.create(DEPLOYMENT, deployment(next, 10))).rejects.toThrow(/10211.*deploy it at 100 %/s);
    expect((await provider.create(DEPLOYMENT, deployment(next))).outs).toMatchObject({
      versions: [{ percentage: 100 }],
    });
  });

  test("releases are recorded and listed", async () => {
    const { id: kv } = await cloud.client.kv.namespaces.create({ account_id: cloud.accountId, title: "stores" });
    const record = {
      accountId: cloud.accountId,
      namespaceId: kv,
      stack: "prod",
      worker: { scriptName: "shop", versionId: "0a1b2c3d" },
      generator: { applicationId: "app-1", image: images.two },
      schemaLevel: "0001_initial.sql",
      migrationTag: "v1",
    };
    const { outs = {} } = await provider.create(urnOf("Release"), record);
    const raw = cloudflareRaw({ baseUrl: cloud.cloud.apiUrl, apiToken: cloud.cloud.apiToken });
    const { releases } = await listReleases(raw, cloud.accountId, kv);
    expect(releases).toMatchObject([{ releaseId: outs.releaseId, worker: record.worker, generator: record.generator }]);
    expect(await provider.read("prod", urnOf("Release"), outs)).toMatchObject({ props: outs });
  });
});
