import { ADMIN_TOKEN, Edge, eventually } from "../harness";
import { answerOf, DOMAIN, effect, SECRET, sendWebhook, type Sending } from "../support/shopify";
import { storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";
const ADMIN = { Authorization: `Bearer ${ADMIN_TOKEN}` };

beforeAll(async () => {
  await edge.start({ SHOPIFY_WEBHOOK_SECRETS: SECRET });
  await edge.putStore(storeRecord(STORE, { shopify_domain: DOMAIN }));
});
afterAll(() => edge.stop());

const send = (topic: string, payload: unknown, sending?: Sending) =>
  answerOf(sendWebhook(edge, topic, payload, sending));

describe("what a shop asks for its shoppers' privacy", () => {
  const of = (customer: unknown, more: object = {}) => ({ shop_id: 1, shop_domain: DOMAIN, customer, ...more });

  async function kept(shopper: string): Promise<string[]> {
    const prefix = { prefix: `ui:${STORE}:${shopper}:` };
    const pages = (await (await edge.mf.getKVNamespace("UI_CACHE")).list(prefix)).keys.map(({ name }) => name);
    const stored = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${STORE}:${shopper}.html`);
    const session = await (await edge.mf.getKVNamespace("SHOPPER_SESSIONS")).get(`session:${STORE}:${shopper}`);
    const db = await edge.mf.getD1Database("DB");
    const rows = await db.prepare("SELECT id FROM ui_generations WHERE shopper_id = ?").bind(shopper).all();
    return [...pages, ...(stored ? ["r2"] : []), ...(session ? ["session"] : []), ...rows.results.map(() => "row")];
  }

  async function visit(shopper: string): Promise<void> {
    await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
    await edge.until(STORE, shopper, "ready");
    await edge.untilRecorded(STORE, shopper, "done");
  }

  it("customers/redact leaves nothing of the customer, and everything of others", async () => {
    await Promise.all([visit("191167"), visit("191168")]);
    expect((await kept("191167")).length).toBeGreaterThan(2);
    expect(
      await send("customers/redact", of({ id: 191_167, email: "a@b.example" }, { orders_to_redact: [1] })),
    ).toEqual(effect("queued"));
    await eventually(async () => ((await kept("191167")).length === 0 ? true : undefined), "the customer's erasure");
    expect((await kept("191168")).length).toBeGreaterThan(2);
    expect(edge.log.join("")).not.toContain("191167");
    expect(edge.log.join("")).not.toContain("a@b.example");
  });

  it("customers/redact of somebody without an id we could know does nothing", async () => {
    expect(await send("customers/redact", of({ email: "a@b.example" }))).toEqual(effect("none"));
    expect(await send("customers/redact", of(undefined))).toEqual(effect("none"));
    expect(await send("customers/redact", of({ id: "no id/at all" }))).toEqual(effect("none"));
  });

  it("customers/data_request is listed for the operator, who can fetch what is kept", async () => {
    await visit("alice-1");
    await edge.track(STORE, "alice-1", [{ type: "search", query: "a very telling query" }]);
    const request = of({ id: "alice-1" }, { data_request: { id: 9999 } });
    expect(await send("customers/data_request", request)).toEqual(effect("queued"));
    const listed = await edge.fetch(`/api/privacy/requests?store=${STORE}`, { headers: ADMIN });
    expect(await listed.json()).toEqual({
      requests: [{ id: "9999", shopper: "alice-1", received_at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown }],
    });
    const address = `/api/privacy/export?store=${STORE}&shopper=alice-1`;
    const data = (await (await edge.fetch(address, { headers: ADMIN })).json()) as Record<string, unknown>;
    expect(data).toMatchObject({
      store: STORE,
      shopper: "alice-1",
      profile: { persona: { type: "unknown" } },
      events: [{ event: { type: "search", query: "a very telling query" } }],
      last_job: { state: "done" },
      cached_pages: [expect.stringContaining(`ui:${STORE}:alice-1:`) as unknown],
      stored_page: { html: expect.stringContaining("<!doctype html>") as unknown },
      records: { shoppers: [{ id: "alice-1" }], personas: [{}], ui_generations: [{ status: "completed" }] },
    });
    for (const path of [address, `/api/privacy/requests?store=${STORE}`])
      expect((await edge.fetch(path)).status).toBe(404);
    const bad = await edge.fetch(`/api/privacy/export?store=${STORE}&shopper=a%20b`, { headers: ADMIN });
    expect(bad.status).toBe(400);

    // With the shopper goes the request.
    await send("customers/redact", of({ id: "alice-1" }));
    await eventually(async () => {
      const { requests } = (await (
        await edge.fetch(`/api/privacy/requests?store=${STORE}`, { headers: ADMIN })
      ).json()) as {
        requests: unknown[];
      };
      return requests.length === 0 ? true : undefined;
    }, "the request to be forgotten");
  });

  it("shop/redact leaves nothing of any shopper, nor of the changes", async () => {
    await visit("bert");
    expect(await send("shop/redact", { shop_id: 1, shop_domain: DOMAIN })).toEqual(effect("queued"));
    await eventually(async () => ((await kept("bert")).length === 0 ? true : undefined), "the shop's erasure");
    expect(await kept("191168")).toEqual([]);
    const stores = await edge.mf.getKVNamespace("STORES");
    await eventually(async () => {
      const changes = (await stores.get(`changes:${STORE}`, "json")) as { products: object } | null;
      return Object.keys(changes?.products ?? {}).length === 0 ? true : undefined;
    }, "the changes to be forgotten");
    expect(await stores.get(`store:${STORE}`)).not.toBeNull();
  });
});
