import { Edge, eventually } from "./harness";
import { answer, pageFor } from "./support/generator";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

const TELLING = {
  minimalist: [
    { type: "product_view", product_id: "thing-1", ms: 2000 },
    { type: "product_view", product_id: "thing-2", ms: 1500 },
    { type: "search", query: "thing" },
  ],
  explorer: [1, 2, 3, 4, 5].map((index) => ({ type: "product_view", product_id: `thing-${index}` })),
  collector: [
    { type: "wishlist", product_id: "thing-1" },
    { type: "wishlist", product_id: "thing-5" },
    { type: "compare", product_ids: ["thing-1", "thing-5"] },
  ],
  dealhunter: [
    { type: "sort", by: "price-asc" },
    { type: "filter", facet: "saving" },
    { type: "product_view", product_id: "thing-3" },
  ],
  loyalist: [
    { type: "purchase", total: 40, product_ids: ["thing-1"] },
    { type: "purchase", total: 60, product_ids: ["thing-5"] },
  ],
} as const;

describe("tracked behaviour", () => {
  it.each(Object.entries(TELLING))("makes a %s and their page", async (type, events) => {
    const shopper = `shopper-${type}`;
    const tracked = await edge.track(STORE, shopper, [...events]);
    expect(tracked.status).toBe(202);
    expect(await tracked.json()).toMatchObject({ accepted: events.length, persona: type });
    const status = await edge.until(STORE, shopper, "ready");
    expect(status.persona_hash).toContain(`_${type}_`);
    const page = await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
    expect(page.headers.get("X-Wand-Source")).toBe("kv");
    expect(page.headers.get("X-Wand-Persona")).toBe(type);
  });

  it("gives shoppers of different behaviour different pages", async () => {
    const pages = await Promise.all(
      Object.keys(TELLING).map(async (type) => (await edge.fetch(`/s/${STORE}?shopper=shopper-${type}`)).text()),
    );
    expect(new Set(pages).size).toBe(pages.length);
  });

  it("shows the page that a browser was told of, though KV's copy of the session is behind", async () => {
    const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
    const key = `session:${STORE}:erin`;
    await edge.fetch(`/s/${STORE}?shopper=erin`);
    await edge.until(STORE, "erin", "ready");
    const behind = await eventually(async () => (await sessions.get(key)) ?? undefined, "the session's copy");
    await edge.track(STORE, "erin", [...TELLING.dealhunter]);
    const { generated_at } = await edge.until(STORE, "erin", "ready");
    await edge.restart(); // nothing is remembered of it
    await (await edge.mf.getKVNamespace("SHOPPER_SESSIONS")).put(key, behind);

    const visit = async (cookie: string): Promise<string | null> =>
      (await edge.fetch(`/s/${STORE}?shopper=erin`, { headers: { Cookie: cookie } })).headers.get("X-Wand-Persona");
    const at = Date.parse(generated_at ?? "");
    expect(await visit("")).toBe("unknown");
    expect(await visit(`wand_told=${at + 3_600_000}`)).toBe("unknown"); // nobody was told of what is not made yet
    expect(await visit("wand_told=soon")).toBe("unknown");
    expect(await visit(`wand_told=${at}`)).toBe("dealhunter");
  });

  it("serves the old page while the new persona's is made, then the new one", async () => {
    await edge.fetch(`/s/${STORE}?shopper=alice`);
    const before = await edge.until(STORE, "alice", "ready");
    await edge.fetch(`/s/${STORE}?shopper=alice`);

    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    edge.generator.behaviours.set(STORE, async ({ request }, response) => {
      await held;
      answer(response, 200, pageFor(request));
    });
    await edge.track(STORE, "alice", [...TELLING.dealhunter]);
    const meanwhile = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(meanwhile.headers.get("X-Wand-Persona")).toBe("unknown");
    expect(meanwhile.headers.get("X-Wand-Source")).toMatch(/^(?:memory|kv)$/);
    expect((await meanwhile.text()).includes("data-wand-preparing")).toBe(true);
    expect((await edge.status(STORE, "alice")).state).toMatch(/^(?:queued|running)$/);

    release();
    edge.generator.behaviours.delete(STORE);
    const after = await edge.until(STORE, "alice", "ready");
    expect(after.persona_hash).not.toBe(before.persona_hash);
    const renewed = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(renewed.headers.get("X-Wand-Persona")).toBe("dealhunter");
  });

  it("changes nothing for an event that says nothing", async () => {
    const tracked = await edge.track(STORE, "quiet", [{ type: "page_view", ms: 100 }]);
    expect(await tracked.json()).toMatchObject({ accepted: 1, persona: "unknown" });
    expect((await edge.status(STORE, "quiet")).state).toBe("none");
  });
});
