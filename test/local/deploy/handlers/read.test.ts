import type { Props } from "../../../../local/deploy/engine/values";
import type { Existing, Handler } from "../../../../local/deploy/handlers/handler";
import { liveOf } from "../../../../local/deploy/handlers/typed";
import { handlersOnACloud } from "../support/handled";

jest.setTimeout(60_000);

const handled = handlersOnACloud();
const handlerOf = (type: string): Handler => handled.handlerOf(`cloudflare:index/${type}`);
const make = (type: string, inputs: Props): Promise<Existing> =>
  handled.make(`cloudflare:index/${type}`, { accountId: handled.cloud.accountId, ...inputs });
async function byHand(method: string, place: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${handled.cloud.apiUrl}/accounts/${handled.cloud.accountId}/${place}`, {
    method,
    headers: { authorization: `Bearer ${handled.cloud.apiToken}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  expect([place, answer.status]).toEqual([place, 200]);
}
/** By what the cloud differs: path, state and cloud of each property. */
async function changes(type: string, made: Existing): Promise<unknown[][] | "deleted"> {
  const live = await handlerOf(type).read!(made);
  return live?.changes.map(({ path: at, before, after }) => [at, before, after]) ?? "deleted";
}

const NAMESPACE = "workersKvNamespace:WorkersKvNamespace";
const POLICY = "notificationPolicy:NotificationPolicy";
const HOOK = "notificationPolicyWebhooks:NotificationPolicyWebhooks";
const WORKER = "worker:Worker";
const VALUE = "workersKv:WorkersKv";

it("every type that can be made is read back, but those of which nothing is in a cloud", () => {
  const unread = [...handled.handlers].filter(([, handler]) => handler.read === undefined).map(([type]) => type);
  for (const type of unread) expect(type).toMatch(/^(pulumi:providers:|random:|docker:)/);
  expect(handled.handlers.size - unread.length).toBeGreaterThan(15);
});

describe("what is live", () => {
  it("of a KV namespace: its title, and whether it is there", async () => {
    const made = await make(NAMESPACE, { title: "read-one" });
    expect(await changes(NAMESPACE, made)).toEqual([]);
    await byHand("PUT", `storage/kv/namespaces/${made.id}`, { title: "renamed" });
    expect(await changes(NAMESPACE, made)).toEqual([["title", "read-one", "renamed"]]);
    await byHand("DELETE", `storage/kv/namespaces/${made.id}`);
    expect(await changes(NAMESPACE, made)).toBe("deleted");
  });

  it("of a KV value: value and metadata, also where it has none", async () => {
    const { id: namespaceId } = await make(NAMESPACE, { title: "read-values" });
    const plain = await make(VALUE, { namespaceId, keyName: "plain", value: "one" });
    const noted = await make(VALUE, { namespaceId, keyName: "a:b/c", value: "one", metadata: '{"v":1}' });
    expect([await changes(VALUE, plain), await changes(VALUE, noted)]).toEqual([[], []]);
    await handlerOf(VALUE).update!(noted, { ...noted.inputs, value: "two", metadata: '{"v":2}' });
    expect(await changes(VALUE, noted)).toEqual([
      ["value", "one", "two"],
      ["metadata", '{"v":1}', '{"v":2}'],
    ]);
  });

  it("of a database and a bucket: nothing that the program has not said", async () => {
    const database = await make("d1Database:D1Database", { name: "read-db" });
    expect(await changes("d1Database:D1Database", database)).toEqual([]);
    await byHand("PUT", `d1/database/${database.id}`, { read_replication: { mode: "auto" } });
    expect(await changes("d1Database:D1Database", database)).toEqual([
      ["readReplication", undefined, { mode: "auto" }],
    ]);
    const bucket = await make("r2Bucket:R2Bucket", { name: "read-bucket" });
    expect(await changes("r2Bucket:R2Bucket", bucket)).toEqual([]);
    await byHand("DELETE", "r2/buckets/read-bucket");
    expect(await changes("r2Bucket:R2Bucket", bucket)).toBe("deleted");
    const rules = { ...bucket, inputs: { ...bucket.inputs, bucketName: "read-bucket", rules: [] } };
    expect(await changes("r2BucketLifecycle:R2BucketLifecycle", rules)).toBe("deleted");
  });

  it("of a Worker: its settings, also such as only the dashboard has set", async () => {
    const made = await make(WORKER, {
      name: "read-worker",
      subdomain: { enabled: true, previewsEnabled: false },
      observability: { enabled: true, headSamplingRate: 1 },
    });
    expect(await changes(WORKER, made)).toEqual([]);
    await byHand("PATCH", `workers/workers/${made.id}`, { subdomain: { enabled: false }, tags: ["by-hand"] });
    expect(await changes(WORKER, made)).toEqual([
      ["subdomain.enabled", true, false],
      ["tags[0]", undefined, "by-hand"],
    ]);
    const live = await handlerOf(WORKER).read!(made);
    expect(live?.inputs.tags).toEqual(["by-hand"]); // so that the next plan takes it away
    await byHand("PUT", "workers/scripts/read-worker/schedules", [{ cron: "1 2 * * *" }]);
    const cron = { ...made, inputs: { ...made.inputs, scriptName: "read-worker", schedules: [{ cron: "1 2 * * *" }] } };
    expect(await changes("workersCronTrigger:WorkersCronTrigger", cron)).toEqual([]);
    await byHand("PUT", "workers/scripts/read-worker/schedules", [{ cron: "1 2 * * *" }, { cron: "3 4 * * *" }]);
    expect(await changes("workersCronTrigger:WorkersCronTrigger", cron)).toEqual([
      ["schedules[1]", undefined, { cron: "3 4 * * *" }],
    ]);
  });

  it("of notifications: whom they tell of what", async () => {
    const hook = await make(HOOK, { name: "read-hook", url: "https://hooks.example.com/one" });
    expect(await changes(HOOK, hook)).toEqual([]);
    const made = await make(POLICY, {
      name: "read-policy",
      alertType: "incident_alert",
      enabled: true,
      filters: { incidentImpacts: ["INCIDENT_IMPACT_MAJOR"] },
      mechanisms: { emails: [{ id: "ops@example.com" }] },
    });
    expect(await changes(POLICY, made)).toEqual([]);
    await byHand("PUT", `alerting/v3/policies/${made.id}`, {
      enabled: false,
      filters: { incident_impact: ["INCIDENT_IMPACT_CRITICAL"] },
      mechanisms: { email: [{ id: "ops@example.com" }], webhooks: [{ id: hook.id }] },
    });
    expect(await changes(POLICY, made)).toEqual([
      ["enabled", true, false],
      ["filters.incidentImpacts[0]", "INCIDENT_IMPACT_MAJOR", "INCIDENT_IMPACT_CRITICAL"],
      ["mechanisms.webhooks", undefined, [{ id: hook.id }]],
    ]);
  });
});

describe("a comparison with the state", () => {
  it("takes inputs for what the program says, and outputs where it says nothing", () => {
    const state = { inputs: { a: 1 }, outputs: { a: 1, tags: [], size: 5 } };
    expect(liveOf(state, { a: 2, tags: [] })).toMatchObject({ inputs: { a: 2 }, changes: [{ path: "a" }] });
    expect(liveOf(state, { a: 1, unheardOf: 3 }).changes).toEqual([]);
    expect(liveOf(state, { a: null }).inputs).toEqual({});
  });
});
