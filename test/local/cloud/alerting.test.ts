import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startTestCloud, type TestCloud } from "./support";

const SECRET = "a-planted-webhook-secret-77aa";

describe("Notifications in the embedded cloud", () => {
  let test: TestCloud;
  beforeAll(async () => {
    test = await startTestCloud();
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const path = (rest: string) => `/accounts/${test.accountId}/alerting/v3/${rest}`;
  const policy = (changes: object = {}) => ({
    name: "incidents",
    alert_type: "incident_alert",
    enabled: true,
    description: "Cloudflare has an incident",
    filters: { incident_impact: ["INCIDENT_IMPACT_MAJOR", "INCIDENT_IMPACT_CRITICAL"] },
    mechanisms: { email: [{ id: "ops@example.com" }] },
    ...changes,
  });
  const create = async (rest: string, body: object) => {
    const answer = await test.api("POST", path(rest), body);
    expect([answer.status, Object.keys(answer.body.result)]).toEqual([200, ["id"]]);
    return (answer.body.result as { id: string }).id;
  };
  const read = async (rest: string): Promise<Record<string, unknown>> =>
    (await test.api("GET", path(rest))).body.result;

  it("keeps webhooks without giving their secret back, and tells their type by their address", async () => {
    const id = await create("destinations/webhooks", { name: "ops", url: "https://hooks.slack.com/x", secret: SECRET });
    const first = await read(`destinations/webhooks/${id}`);
    expect(first).toEqual({
      id,
      name: "ops",
      url: "https://hooks.slack.com/x",
      type: "slack",
      created_at: expect.any(String),
      last_success: null,
      last_failure: null,
    });
    await test.api("PUT", path(`destinations/webhooks/${id}`), { name: "ops", url: "https://example.com/hook" });
    await test.restart();
    expect(await read(`destinations/webhooks/${id}`)).toEqual({
      ...first,
      type: "generic",
      url: "https://example.com/hook",
    });
    expect(await readFile(join(test.stateDir, "cloud", "metadata.sqlite"), "latin1")).not.toContain(SECRET);
    const odd = await create("destinations/webhooks", { name: "odd", url: "https://hooks.slack.com.example.net/x" });
    expect(await read(`destinations/webhooks/${odd}`)).toMatchObject({ type: "generic" });
    expect(await read("destinations/webhooks")).toHaveLength(2);
    await test.api("DELETE", path(`destinations/webhooks/${odd}`));
    expect((await test.api("GET", path(`destinations/webhooks/${odd}`))).status).toBe(404);
  });

  it("keeps policies, and shows of them what was given and nothing more", async () => {
    const webhook = await create("destinations/webhooks", { name: "ops", url: "https://example.com/hook" });
    const mechanisms = { email: [{ id: "ops@example.com" }], webhooks: [{ id: webhook }] };
    const id = await create("policies", policy({ mechanisms }));
    const times = { created: expect.any(String), modified: expect.any(String) };
    expect(await read(`policies/${id}`)).toEqual({ id, ...policy({ mechanisms }), ...times });

    await test.api("PUT", path(`policies/${id}`), { enabled: false });
    await test.restart();
    expect(await read(`policies/${id}`)).toEqual({ id, ...policy({ mechanisms, enabled: false }), ...times });
    expect((await test.api("DELETE", path(`destinations/webhooks/${webhook}`))).status).toBe(400);

    const { filters: _filters, description: _description, ...least } = policy();
    const other = await create("policies", least);
    expect(await read(`policies/${other}`)).toEqual({ id: other, ...least, ...times });
    expect(await read("policies")).toHaveLength(2);
    for (const one of [id, other]) expect((await test.api("DELETE", path(`policies/${one}`))).status).toBe(200);
    expect((await test.api("GET", path(`policies/${id}`))).status).toBe(404);
  });

  it("takes fields away that come as null, which is how Terraform's provider sends them", async () => {
    const url = "https://example.com/hook";
    const webhook = await create("destinations/webhooks", { name: "ops", url, secret: SECRET });
    const at = path(`destinations/webhooks/${webhook}`);
    expect((await test.api("PUT", at, { name: "ops", url, secret: null })).status).toBe(200);
    expect((await test.api("PUT", at, { name: "ops", url: null })).status).toBe(400);
    const mechanisms = { email: [{ id: "ops@example.com" }], webhooks: [{ id: webhook }] };
    const id = await create("policies", policy({ mechanisms }));
    const bare = { description: null, filters: null, mechanisms: { ...mechanisms, webhooks: null } };
    expect((await test.api("PUT", path(`policies/${id}`), bare)).status).toBe(200);
    const { filters: _filters, description: _description, ...least } = policy();
    expect(await read(`policies/${id}`)).toEqual({
      id,
      ...least,
      created: expect.any(String),
      modified: expect.any(String),
    });
    expect((await test.api("PUT", path(`policies/${id}`), { name: null })).status).toBe(400);
    expect((await test.api("DELETE", path(`policies/${id}`))).status).toBe(200);
    expect((await test.api("DELETE", at)).status).toBe(200);
  });

  it("refuses what could never be delivered or raised", async () => {
    const cases = [
      policy({ alert_type: "shop_on_fire" }),
      policy({ mechanisms: {} }),
      policy({ mechanisms: { email: [] } }),
      policy({ mechanisms: { email: [{ id: "nobody" }] } }),
      policy({ mechanisms: { webhooks: [{ id: "0".repeat(32) }] } }),
      policy({ filters: { incident_impact: ["HUGE"] } }),
      policy({ name: undefined }),
    ];
    for (const body of cases) expect((await test.api("POST", path("policies"), body)).status).toBe(400);
    for (const url of ["ftp://example.com", "example.com", ""]) {
      expect((await test.api("POST", path("destinations/webhooks"), { name: "x", url })).status).toBe(400);
    }
    expect(await read("policies")).toEqual([]);
  });
});
