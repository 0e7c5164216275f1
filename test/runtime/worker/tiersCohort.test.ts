import { Edge, eventually } from "./harness";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";

beforeAll(async () => {
  await edge.start({ PERSONALISATION_SCOPE: "cohort" });
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

const visit = (shopper: string) => edge.fetch(`/s/${STORE}?shopper=${shopper}`);
const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };

describe("a page of a cohort", () => {
  it("is made once, by a request that says nothing of the shopper, and kept under the cohort's name", async () => {
    await visit("alice");
    const { persona_hash: hash } = await edge.until(STORE, "alice", "ready");
    const [asked, ...more] = edge.generator.askedBy(STORE);
    expect(more).toEqual([]);
    expect(asked?.request.shopper_id).toBe("cohort");
    expect(JSON.stringify(asked?.request)).not.toContain("alice");
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    expect((await pages.list()).keys.map(({ name }) => name)).toEqual([`ui:${STORE}:cohort:${hash}`]);
    const bucket = await edge.mf.getR2Bucket("UI_STORAGE");
    expect((await bucket.list()).objects.map(({ key }) => key)).toEqual([`generated/${STORE}:cohort:${hash}.html`]);
    expect((await visit("alice")).headers.get("X-Wand-Source")).toBe("kv");
  });

  it("is found by the next shopper of the cohort, from memory, KV or R2, without a job", async () => {
    const first = await visit("bob");
    expect(first.headers.get("X-Wand-Source")).toBe("memory");
    expect(await first.text()).not.toContain("data-wand-preparing");
    const other = await edge.fetch(`http://other.test/s/${STORE}?shopper=carol`);
    expect(other.headers.get("X-Wand-Source")).toBe("kv");
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    for (const { name } of (await pages.list()).keys) await pages.delete(name);
    const third = await edge.fetch(`http://third.test/s/${STORE}?shopper=dora`);
    expect(third.headers.get("X-Wand-Source")).toBe("r2");
    expect(edge.generator.askedBy(STORE)).toHaveLength(1);
  });

  it("is there for somebody new on their second visit, without a job of their own", async () => {
    const slug = "new-shop";
    await edge.putStore(storeRecord(slug));
    await edge.fetch(`/s/${slug}?shopper=first`);
    await edge.until(slug, "first", "ready");
    const made = edge.generator.askedBy(slug).length;
    const response = await edge.fetch(`/s/${slug}`, { headers: BROWSER });
    expect(response.headers.get("X-Wand-Source")).toBe("fallback");
    const cookie = (response.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
    const status = (): Promise<{ state: string }> =>
      edge
        .fetch(`/api/generation/status?store=${slug}`, { headers: { ...BROWSER, Cookie: cookie } })
        .then((answer) => answer.json() as Promise<{ state: string }>);
    await eventually(async () => ((await status()).state === "ready" ? true : undefined), "the newcomer's page");
    const second = await edge.fetch(`/s/${slug}`, { headers: { ...BROWSER, Cookie: cookie } });
    expect(["memory", "kv"]).toContain(second.headers.get("X-Wand-Source"));
    expect(edge.generator.askedBy(slug)).toHaveLength(made);
  });

  it("is one for shoppers who differ in all but type, category and price band, and nothing of either is asked for", async () => {
    const slug = "two-shop";
    await edge.putStore(storeRecord(slug));
    // thing-4 and thing-8 are wands of 30 and 50; both collectors, with different traces.
    const traces = {
      eve: [
        { type: "wishlist", product_id: "thing-4" },
        { type: "wishlist", product_id: "thing-8" },
        { type: "compare", product_ids: ["thing-4", "thing-8"] },
      ],
      fay: [
        { type: "search", query: "secret words of fay" },
        { type: "wishlist", product_id: "thing-8" },
        { type: "wishlist", product_id: "thing-4" },
        { type: "wishlist", product_id: "thing-5" },
        { type: "compare", product_ids: ["thing-8", "thing-4"] },
        { type: "compare", product_ids: ["thing-4", "thing-8"] },
      ],
    };
    const statuses = [];
    for (const [shopper, events] of Object.entries(traces)) {
      await edge.track(slug, shopper, events);
      await edge.fetch(`/s/${slug}?shopper=${shopper}`);
      statuses.push(
        await eventually(async () => {
          const status = await edge.status(slug, shopper);
          return status.state === "ready" && status.persona_hash.includes("_collector_") ? status : undefined;
        }, `${shopper}'s page`),
      );
    }
    expect(statuses[0]?.persona_hash).toMatch(/^v2_collector_100_/);
    expect(statuses[1]?.persona_hash).toBe(statuses[0]?.persona_hash);
    const requests = edge.generator.askedBy(slug).filter(({ request }) => request.persona.type === "collector");
    expect(requests).toHaveLength(1);
    expect(requests[0]?.request.persona).toEqual({
      type: "collector",
      confidence: 1,
      signals: {
        avg_order_value: expect.any(Number) as number,
        category_preferences: ["Wands"],
        price_sensitivity: "medium",
        browsing_patterns: [],
      },
      hash: statuses[0]?.persona_hash,
    });
  });
});
