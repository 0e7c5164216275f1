import { Edge, eventually } from "./harness";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

describe("a shopper's first visits", () => {
  it("gives the fallback at once and the personal page when it is made", async () => {
    const first = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(first.status).toBe(200);
    expect(first.headers.get("X-Wand-Source")).toBe("fallback");
    const html = await first.text();
    expect(html.includes("data-wand-preparing")).toBe(true);
    expect(html.includes("alice")).toBe(false);

    const status = await edge.until(STORE, "alice", "ready");
    expect(status).toEqual({
      state: "ready",
      persona_hash: expect.stringMatching(/^v2_unknown_0_[0-9a-f]{8}$/) as string,
      generated_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      job_id: expect.any(String) as string,
    });

    const second = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(second.headers.get("X-Wand-Source")).toBe("kv");
    expect((await second.text()).includes("data-wand-preparing")).toBe(false);
    const third = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(third.headers.get("X-Wand-Source")).toBe("memory");
    expect(third.headers.get("X-Wand-Persona")).toBe("unknown");
    expect(edge.generator.askedFor("alice")).toHaveLength(1);
  });

  it("makes one job of many visits at once", async () => {
    await Promise.all(Array.from({ length: 100 }, () => edge.fetch(`/s/${STORE}?shopper=crowd`)));
    await edge.until(STORE, "crowd", "ready");
    expect(edge.generator.askedFor("crowd")).toHaveLength(1);
  });

  it("sends the generator the contract's request with deadline and request id", async () => {
    await edge.fetch(`/s/${STORE}?shopper=carol`);
    await edge.until(STORE, "carol", "ready");
    const [asked] = edge.generator.askedFor("carol");
    expect(Number(asked?.headers["x-deadline-ms"])).toBeGreaterThan(50_000);
    expect(asked?.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked?.request.shop.products).toHaveLength(30);
    expect(asked?.request.page?.canonical_url).toBe(`http://shop.test/s/${STORE}`);
  });

  it("records it in KV, R2 and D1, the page in none but the first two", async () => {
    await edge.fetch(`/s/${STORE}?shopper=dora`);
    const { persona_hash: hash, job_id } = await edge.until(STORE, "dora", "ready");
    const bucket = await edge.mf.getR2Bucket("UI_STORAGE");
    const object = await bucket.head(`generated/${STORE}:dora.html`);
    expect(object?.customMetadata).toMatchObject({ persona_hash: hash, source: "template" });
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    expect((await pages.list({ prefix: `ui:${STORE}:dora:` })).keys.map((key) => key.name)).toEqual([
      `ui:${STORE}:dora:${hash}`,
    ]);
    expect(await edge.untilRecorded(STORE, "dora", "done")).toMatchObject({ job_id, persona_hash: hash });

    const db = await edge.mf.getD1Database("DB");
    const query = db.prepare(
      `SELECT s.id AS shopper_id, s.shop_id, s.current_persona_hash, p.type AS persona_type, p.confidence, g.status, g.kv_key
       FROM shoppers s LEFT JOIN personas p ON s.current_persona_hash = p.hash AND p.shopper_id = s.id
       JOIN ui_generations g ON g.shopper_id = s.id WHERE s.id = 'dora' AND g.status = 'completed'`,
    );
    const row = await eventually(async () => (await query.first()) ?? undefined, "the row of the page");
    expect(row).toMatchObject({
      shop_id: STORE,
      current_persona_hash: hash,
      persona_type: "unknown",
      confidence: 0,
      kv_key: `ui:${STORE}:dora:${hash}`,
    });
  });

  it("finds the page in R2 when KV has none", async () => {
    await edge.fetch(`/s/${STORE}?shopper=remy`);
    const { persona_hash: hash } = await edge.until(STORE, "remy", "ready");
    await (await edge.mf.getKVNamespace("UI_CACHE")).delete(`ui:${STORE}:remy:${hash}`);
    const response = await edge.fetch(`/s/${STORE}?shopper=remy`);
    expect(response.headers.get("X-Wand-Source")).toBe("r2");
    expect(response.headers.get("Content-Security-Policy")).toMatch(/style-src 'sha256-[^']+'/);
    expect(edge.generator.askedFor("remy")).toHaveLength(1);
  });

  it("takes a value that is no page for a miss", async () => {
    await edge.fetch(`/s/${STORE}?shopper=mallory`);
    const { persona_hash: hash } = await edge.until(STORE, "mallory", "ready");
    await (await edge.mf.getKVNamespace("UI_CACHE")).put(`ui:${STORE}:mallory:${hash}`, "{ not json");
    await (await edge.mf.getR2Bucket("UI_STORAGE")).put(`generated/${STORE}:mallory.html`, "<script>1</script>");
    const response = await edge.fetch(`/s/${STORE}?shopper=mallory`);
    expect(response.headers.get("X-Wand-Source")).toBe("fallback");
  });
});

describe("a changed catalogue", () => {
  it("shows on the next page of a shopper who has one, and a new page is made", async () => {
    const slug = "changing-shop";
    const record = storeRecord(slug);
    await edge.putStore(record);
    await edge.fetch(`/s/${slug}?shopper=erin`);
    await edge.until(slug, "erin", "ready");
    const before = await (await edge.fetch(`/s/${slug}?shopper=erin`)).text();
    expect(before.includes("77,777")).toBe(false);

    const products = record.catalogue.products.map((one) => ({ ...one, price: 77_777, price_max: 77_777 }));
    // The version stays as it was: the products themselves decide.
    await edge.putStore({ ...record, catalogue: { ...record.catalogue, products } });
    await new Promise((resolve) => setTimeout(resolve, 300)); // a record is believed for 250 ms
    const response = await edge.fetch(`/s/${slug}?shopper=erin`);
    expect(response.headers.get("X-Wand-Source")).toBe("rerendered");
    const html = await response.text();
    expect(html.includes("77,777")).toBe(true);
    expect(html.includes("data-wand-preparing")).toBe(true);

    await edge.until(slug, "erin", "ready");
    expect(edge.generator.askedFor("erin")).toHaveLength(2);
    const renewed = await edge.fetch(`/s/${slug}?shopper=erin`);
    expect(renewed.headers.get("X-Wand-Source")).toBe("kv");
    expect((await renewed.text()).includes("77,777")).toBe(true);
  });
});
