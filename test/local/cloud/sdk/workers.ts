/** Round trips through Workers, Durable Objects and containers with the official SDK. */
import type Cloudflare from "cloudflare";
import { askMember, deployPool, pushBuild } from "../pool";
import { atEdge, esModule, eventually, refusal, type TestCloud } from "../support";

const CODE = `
  import { DurableObject } from "cloudflare:workers";
  export class Counter extends DurableObject {
    async next() { return await this.ctx.storage.put("n", 1), 1; }
  }
  export default {
    async fetch(request, env) {
      const count = env.COUNTER ? await env.COUNTER.get(env.COUNTER.idFromName("one")).next() : 0;
      return new Response(["TEXT", env.TEXT, count].join(" "));
    },
    scheduled() {},
  };`;
const code = (text: string) => CODE.replace("TEXT", text);
const DATE = { compatibility_date: "2026-01-01" };

/** Parts under their own names and with their own types: cloudflare-typescript#2799. */
const file = (name: string, content: string, type: string) => new File([content], name, { type });
const codeFile = (text: string) => file("index.js", code(text), "application/javascript+module");
const json = (name: string, value: object) => file(`${name}.json`, JSON.stringify(value), "application/json");
const NO_TYPE = { headers: { "Content-Type": null } };

export async function workersRoundTrip({ workers }: Cloudflare, account_id: string, test: TestCloud): Promise<void> {
  const beta = workers.beta.workers;
  const { id } = await beta.create({ account_id, name: "beta", subdomain: { enabled: true } } as never);
  await beta.update(id, { account_id, name: "beta", tags: ["a"], subdomain: { enabled: true } } as never);
  await beta.edit(id, { account_id, logpush: true } as never);
  expect(await beta.get("beta", { account_id })).toMatchObject({ id, tags: ["a"], logpush: true });
  const first = await beta.versions.create(id, {
    account_id,
    main_module: "index.js",
    modules: [esModule("index.js", code("one"))],
    bindings: [
      { type: "plain_text", name: "TEXT", text: "text" },
      { type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" },
    ],
    migrations: { new_tag: "v1", new_sqlite_classes: ["Counter"] },
    deploy: true,
    ...DATE,
  } as never);
  expect((await atEdge(test.cloud.edgeUrl, "beta.localhost")).text).toBe("one text 1");
  const second = await beta.versions.create(id, {
    account_id,
    main_module: "index.js",
    modules: [esModule("index.js", code("two"))],
    ...DATE,
  } as never);
  const numbers = [];
  for await (const { number } of beta.versions.list(id, { account_id, per_page: 1 })) numbers.push(number);
  expect(numbers).toEqual([2, 1]);
  const shown = await beta.versions.get(first.id, { account_id, worker_id: id, include: "modules" });
  expect(Buffer.from(shown.modules?.[0]?.content_base64 ?? "", "base64").toString()).toBe(code("one"));
  await beta.versions.delete(second.id, { account_id, worker_id: id });
  const names = [];
  for await (const { name } of beta.list({ account_id, per_page: 1 })) names.push(name);
  expect(names).toEqual(["beta"]);
}

export async function durableObjectsRoundTrip({ durableObjects }: Cloudflare, account_id: string): Promise<void> {
  const found = [];
  for await (const one of durableObjects.namespaces.list({ account_id, per_page: 1 })) found.push(one);
  expect(found).toMatchObject([{ class: "Counter", script: "beta", use_sqlite: true }]);
  const objects = [];
  for await (const one of durableObjects.namespaces.objects.list(found[0]?.id ?? "", { account_id, limit: 10 })) {
    objects.push(one);
  }
  expect(objects).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{64}$/), hasStoredData: true }]);
}

export async function scriptsRoundTrip({ workers }: Cloudflare, account_id: string, test: TestCloud): Promise<void> {
  const { scripts } = workers;
  const script_name = "script";
  const metadata = (changes: object = {}) => json("metadata", { main_module: "index.js", ...DATE, ...changes });
  const body = { account_id, metadata: metadata({ logpush: true }), "index.js": codeFile("one") };
  await scripts.update(script_name, body as never, NO_TYPE);
  await scripts.subdomain.create(script_name, { account_id, enabled: true });
  expect(await scripts.subdomain.get(script_name, { account_id })).toMatchObject({ enabled: true });
  const ask = async () => (await atEdge(test.cloud.edgeUrl, "script.localhost")).text;
  expect(await ask()).toBe("one  0");
  expect((await scripts.list({ account_id })).result.map(({ id }) => id)).toContain(script_name);
  expect((await scripts.search({ account_id, name: "scri" } as never)) as unknown).toMatchObject([{ script_name }]);
  expect(await scripts.get(script_name, { account_id })).toContain("class Counter");

  await scripts.content.update(script_name, {
    account_id,
    metadata: metadata(),
    "index.js": codeFile("two"),
  } as never);
  expect(await ask()).toBe("two  0");
  const content = await scripts.content.get(script_name, { account_id });
  expect([content.headers.get("cf-entrypoint"), await content.text()]).toEqual([
    "index.js",
    expect.stringContaining('["two", env.TEXT'),
  ]);

  const settings = json("settings", { bindings: [{ type: "plain_text", name: "TEXT", text: "text" }], tags: ["t"] });
  await scripts.scriptAndVersionSettings.edit(script_name, { account_id, settings } as never);
  expect(await ask()).toBe("two text 0");
  expect(await scripts.scriptAndVersionSettings.get(script_name, { account_id })).toMatchObject({
    bindings: [{ name: "TEXT", text: "text" }],
    tags: ["t"],
    logpush: true,
  });
  await scripts.settings.edit(script_name, { account_id, logpush: false });
  expect(await scripts.settings.get(script_name, { account_id })).toMatchObject({ logpush: false, tags: ["t"] });

  await scripts.secrets.update(script_name, { account_id, name: "A", text: "1", type: "secret_text" });
  await scripts.secrets.bulkUpdate(script_name, {
    account_id,
    secrets: { B: { name: "B", text: "2", type: "secret_text" }, A: null },
  } as never);
  expect(await scripts.secrets.get("B", { account_id, script_name })).toEqual({ name: "B", type: "secret_text" });
  expect((await scripts.secrets.list(script_name, { account_id })).result.map(({ name }) => name)).toEqual(["B"]);
  await scripts.secrets.delete("B", { account_id, script_name });

  const uploaded = await scripts.versions.create(script_name, {
    account_id,
    metadata: metadata(),
    "index.js": codeFile("three"),
  } as never);
  const version_id = uploaded.id ?? "";
  expect(await scripts.versions.get(version_id, { account_id, script_name })).toMatchObject({ id: version_id });
  const versions = [];
  for await (const one of scripts.versions.list(script_name, { account_id, per_page: 2 })) versions.push(one);
  expect(versions.length).toBeGreaterThan(5);
  const shares = [{ version_id, percentage: 100 }];
  const made = await scripts.deployments.create(script_name, { account_id, strategy: "percentage", versions: shares });
  expect(await ask()).toBe("three  0");
  expect(await scripts.deployments.get(made.id, { account_id, script_name })).toMatchObject({ versions: shares });
  // The SDK takes the list for pages of an array, which it is not.
  const list = (await scripts.deployments.list(script_name, { account_id })) as unknown as {
    result: { deployments: { id: string }[] };
  };
  const [live, former] = list.result.deployments;
  expect(live?.id).toBe(made.id);
  await scripts.deployments.delete(former?.id ?? "", { account_id, script_name });

  const crons = await scripts.schedules.update(script_name, { account_id, body: [{ cron: "*/5 * * * *" }] });
  expect(await scripts.schedules.get(script_name, { account_id })).toEqual(crons);
  const tail = await scripts.tail.create(script_name, { account_id, body: {} } as never);
  expect(await scripts.tail.get(script_name, { account_id })).toEqual(tail);
  await scripts.tail.delete(tail.id, { account_id, script_name });
}

export async function addressesRoundTrip({ workers, zones }: Cloudflare, account_id: string, test: TestCloud) {
  const [zone] = (await zones.list({ name: "example.com" })).result;
  const zone_id = zone?.id ?? "";
  const ask = async (host: string, path = "/") => (await atEdge(test.cloud.edgeUrl, host, path)).text;

  const route = await workers.routes.create({ zone_id, pattern: "www.example.com/a*", script: "script" } as never);
  expect(await ask("www.example.com", "/a?b=c")).toBe("three  0");
  expect(await ask("www.example.com", "/b")).toContain("No Worker answers");
  const id = route.id ?? "";
  expect(await workers.routes.get(id, { zone_id })).toEqual({ id, pattern: "www.example.com/a*", script: "script" });
  await workers.routes.update(id, { zone_id, pattern: "*.example.com/*", script: "beta" } as never);
  expect(await ask("any.example.com")).toBe("one text 1");
  expect((await workers.routes.list({ zone_id })).result).toEqual([{ id, pattern: "*.example.com/*", script: "beta" }]);
  await workers.routes.delete(id, { zone_id });
  expect(await ask("any.example.com")).toContain("No Worker answers");

  const domain = await workers.domains.update({ account_id, hostname: "d.example.com", service: "script", zone_id });
  expect(await ask("d.example.com")).toBe("three  0");
  const domain_id = domain.id ?? "";
  expect(await workers.domains.get(domain_id, { account_id })).toEqual(domain);
  expect((await workers.domains.list({ account_id })).result).toEqual([domain]);
  await workers.domains.delete(domain_id, { account_id });

  await workers.subdomains.update({ account_id, subdomain: "walk" });
  expect(await workers.subdomains.get({ account_id })).toEqual({ subdomain: "walk" });
  expect(await ask("script.walk.localhost")).toBe("three  0");
  await workers.subdomains.delete({ account_id });
  expect(await refusal(workers.subdomains.get({ account_id }))).toMatchObject({ status: 404, code: 10007 });
  await workers.accountSettings.update({ account_id, green_compute: true } as never);
  expect(await workers.accountSettings.get({ account_id })).toEqual({
    default_usage_model: "standard",
    green_compute: true,
  });

  await workers.scripts.subdomain.delete("script", { account_id });
  expect(await ask("script.localhost")).toContain("No Worker answers");
  await workers.scripts.delete("script", { account_id });
  await workers.beta.workers.delete("beta", { account_id });
  expect(await refusal(workers.beta.workers.get("beta", { account_id }))).toMatchObject({ status: 404, code: 10007 });
}

export async function containersRoundTrip({ containers }: Cloudflare, account_id: string, test: TestCloud) {
  const image = await pushBuild(test, "one");
  const former = await deployPool(test, image);
  const { applications, registries } = containers;
  await applications.delete(former, { account_id });
  const made = await applications.create({
    account_id,
    name: "pool",
    scheduling_policy: "default",
    instances: 0,
    max_instances: 2,
    configuration: { image, instance_type: "lite" },
    durable_objects: { script_name: "pool", class_name: "Member" },
  } as never);
  const id = made.id as string;
  await eventually(async () => (await askMember(test, "one")).text === "one");
  const [instance] = (await applications.instances.list(id, { account_id })).result;
  expect(instance).toMatchObject({ application_id: id, image, status: { state: "running" } });
  const at = { account_id, application_id: id };
  expect(await applications.instances.get(instance?.id ?? "", at)).toEqual(instance);
  expect((await applications.instances.listV1(id, { account_id })).result).toEqual({ instances: [instance] });
  expect(await applications.edit(id, { account_id, max_instances: 3 } as never)).toMatchObject({ max_instances: 3 });
  expect(await applications.get(id, { account_id })).toMatchObject({ id, max_instances: 3 });
  const ids = [];
  for await (const one of applications.list({ account_id })) ids.push(one.id);
  expect(ids).toEqual([id]);
  const rollout = await applications.rollouts.create(id, {
    account_id,
    description: "d",
    strategy: "rolling",
    target_configuration: { image, vcpu: 0.25 },
  } as never);
  expect(rollout).toMatchObject({ target_version: 2 });
  expect((await applications.versions.list(id, { account_id })).result.length).toBeGreaterThan(0);
  expect(await refusal(applications.instances.get("none", at))).toMatchObject({ status: 404 });
  expect((await registries.list({ account_id })).result).toEqual([]);
  const credentials = await registries.credentials.generate("registry.cloudflare.com", {
    account_id,
    permissions: ["pull"],
    expiration_minutes: 5,
  });
  expect(credentials).toMatchObject({ username: "v1", password: expect.any(String) });
  await applications.delete(id, { account_id });
  expect(await refusal(applications.get(id, { account_id }))).toMatchObject({ status: 404 });
}
