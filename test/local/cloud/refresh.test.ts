/**
 * What the Cloudflare provider reads back after it made a resource: a field that it takes for the user's own (not "computed" in
 * its models, release 5.22) must be as it was sent, and absent where it was not, or every later preview shows a change.
 */
import { startTestCloud, type TestCloud } from "./support";

describe("A refresh by the Cloudflare provider", () => {
  let test: TestCloud;
  beforeAll(async () => {
    test = await startTestCloud();
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  type Answer = Record<string, unknown>;
  const call = async (
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer> => {
    const answer = await test.api(method, `/accounts/${test.accountId}${path}`, body, headers);
    expect([method, path, answer.status]).toEqual([method, path, 200]);
    return answer.body.result as Answer;
  };

  it("finds KV namespaces and values as they were made", async () => {
    const made = await call("POST", "/storage/kv/namespaces", { title: "stores" });
    expect(await call("GET", `/storage/kv/namespaces/${made.id}`)).toEqual(made);
    const form = new FormData();
    form.set("value", '{"a":1}');
    const url = `${test.cloud.apiUrl}/accounts/${test.accountId}/storage/kv/namespaces/${made.id}`;
    const headers = { authorization: `Bearer ${test.cloud.apiToken}` };
    const key = encodeURIComponent("store:a b/c");
    expect((await fetch(`${url}/values/${key}`, { method: "PUT", body: form, headers })).status).toBe(200);
    expect(await (await fetch(`${url}/values/${key}`, { headers })).text()).toBe('{"a":1}');
    expect(await (await fetch(`${url}/metadata/${key}`, { headers })).json()).toMatchObject({ result: null });
  });

  it("finds no setting of a database that was not made", async () => {
    const made = await call("POST", "/d1/database", { name: "plain" });
    const read = await call("GET", `/d1/database/${made.uuid}`);
    expect(read).toMatchObject({ uuid: made.uuid, name: "plain", version: "production", created_at: made.created_at });
    for (const field of ["read_replication", "jurisdiction"]) expect(read).not.toHaveProperty(field);
    const set = { name: "set", jurisdiction: "eu", read_replication: { mode: "auto" } };
    const { uuid } = await call("POST", "/d1/database", set);
    expect(await call("GET", `/d1/database/${uuid}`)).toMatchObject(set);
    await call("PUT", `/d1/database/${uuid}`, { read_replication: { mode: "disabled" } });
    expect(await call("GET", `/d1/database/${uuid}`)).toMatchObject({ ...set, read_replication: { mode: "disabled" } });
  });

  it("finds buckets and their lifecycle as they were made, each in its jurisdiction", async () => {
    const empty = { "cf-r2-jurisdiction": "", "cf-r2-storage-class": "" };
    await call("POST", "/r2/buckets", { name: "plain", storageClass: "Standard" }, empty);
    expect(await call("GET", "/r2/buckets/plain", undefined, { "cf-r2-jurisdiction": "default" })).toMatchObject({
      name: "plain",
      jurisdiction: "default",
      storage_class: "Standard",
    });
    const eu = { "cf-r2-jurisdiction": "eu" };
    await call("POST", "/r2/buckets", { name: "european" }, eu);
    expect(await call("GET", "/r2/buckets/european", undefined, eu)).toMatchObject({ jurisdiction: "eu" });
    expect((await test.api("GET", `/accounts/${test.accountId}/r2/buckets/european`)).body.errors[0]?.code).toBe(10006);
    const moon = await test.api("GET", `/accounts/${test.accountId}/r2/buckets/plain`, undefined, {
      "cf-r2-jurisdiction": "moon",
    });
    expect(moon.status).toBe(400);
    const cold = { ...eu, "cf-r2-storage-class": "InfrequentAccess" };
    await call("PATCH", "/r2/buckets/european", undefined, cold);
    expect(await call("GET", "/r2/buckets/european", undefined, eu)).toMatchObject({
      storage_class: "InfrequentAccess",
    });

    const condition = { type: "Age", maxAge: 86_400 };
    const rules = [{ id: "old", enabled: true, conditions: { prefix: "g/" }, deleteObjectsTransition: { condition } }];
    await call("PUT", "/r2/buckets/plain/lifecycle", { rules }, empty);
    expect(await call("GET", "/r2/buckets/plain/lifecycle")).toEqual({ rules });
  });

  it("finds a Worker and its schedules as they were made", async () => {
    const traces = { enabled: false, head_sampling_rate: 1, persist: true, destinations: [] };
    const logs = { enabled: true, head_sampling_rate: 0.5, invocation_logs: true, persist: true, destinations: [] };
    const sent = {
      name: "shop",
      logpush: false,
      tags: ["a"],
      observability: { enabled: true, head_sampling_rate: 0.5, logs, traces },
      subdomain: { enabled: true, previews_enabled: false },
      tail_consumers: [],
    };
    const { id } = await call("POST", "/workers/workers", sent);
    const read = await call("GET", `/workers/workers/${id}`);
    expect(read).toMatchObject(sent);
    await call("PUT", `/workers/workers/${id}`, { ...sent, tags: [] });
    expect(await call("GET", `/workers/workers/${id}`)).toMatchObject({
      ...sent,
      tags: [],
      created_on: read.created_on,
    });

    const schedules = [{ cron: "17 3 * * *" }, { cron: "*/5 * * * MON-FRI" }];
    const put = await call("PUT", "/workers/scripts/shop/schedules", schedules);
    expect(put).toMatchObject({ schedules });
    expect(await call("GET", "/workers/scripts/shop/schedules")).toEqual(put);
    await call("PUT", "/workers/scripts/shop/schedules", []);
    expect(await call("GET", "/workers/scripts/shop/schedules")).toEqual({ schedules: [] });
  });
});
