import { Edge, eventually } from "./harness";
import { answer, pageFor } from "./support/generator";
import { keptBy } from "./support/kept";
import { Client } from "./support/socket";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
/** Enough to be a dealhunter by. */
const TELLING = [
  { type: "sort", by: "price-asc" },
  { type: "filter", facet: "saving" },
  { type: "product_view", product_id: "thing-3" },
];
const VIEW = { type: "page_view", ms: 1_000 };

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

interface Kept {
  persona: { type: string };
}

const sessionOf = async (shopper: string): Promise<Kept | undefined> => {
  const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
  const text = await sessions.get(`session:${STORE}:${shopper}`);
  return text === null ? undefined : (JSON.parse(text) as Kept);
};

describe("a burst of events", () => {
  it("of a thousand is taken whole, and the persona of its last ones comes into effect by itself", async () => {
    const views = Array.from({ length: 50 }, () => VIEW);
    const many = Array.from({ length: 18 }, () => edge.track(STORE, "bursting", views));
    const single = Array.from({ length: 97 }, () => edge.track(STORE, "bursting", [VIEW]));
    const answers = await Promise.all([...many, ...single]);
    const last = await edge.track(STORE, "bursting", TELLING);
    const bodies = (await Promise.all([...answers, last].map((one) => one.json()))) as { accepted: number }[];
    expect([...answers, last].every(({ status }) => status === 202)).toBe(true);
    expect(bodies.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1_000);

    const session = await eventually(async () => {
      const found = await sessionOf("bursting");
      return found?.persona.type === "dealhunter" ? found : undefined;
    }, "the persona of the burst's end");
    expect(session.persona.type).toBe("dealhunter");
    expect((await edge.until(STORE, "bursting", "ready")).persona_hash).toContain("_dealhunter_");
  });

  it("whose first event says nothing is answered at once with the persona in effect", async () => {
    const [first, second] = await Promise.all([
      edge.track(STORE, "hasty", [VIEW]),
      edge.track(STORE, "hasty", TELLING),
    ]);
    for (const response of [first, second]) {
      expect(await response.json()).toMatchObject({ persona: expect.stringMatching(/^(?:unknown|dealhunter)$/) });
    }
    await edge.until(STORE, "hasty", "ready");
    expect((await edge.track(STORE, "hasty", [VIEW])).status).toBe(202);
    expect(edge.generator.askedFor("hasty").map(({ request }) => request.persona.type)).toEqual(["dealhunter"]);
  });

  it("that swings from persona to persona has few pages made, and the last one", async () => {
    const wishes = [1, 5, 9].map((index) => ({ type: "wishlist", product_id: `thing-${index}` }));
    const orders = [1, 5].map((index) => ({ type: "purchase", total: 50, product_ids: [`thing-${index}`] }));
    for (const events of [wishes, [VIEW], wishes, orders, [VIEW], orders]) {
      await edge.track(STORE, "swinging", events);
    }
    const final = await eventually(async () => {
      const session = await sessionOf("swinging");
      return session?.persona.type === "loyalist" ? session : undefined;
    }, "the last persona");
    expect(final.persona.type).toBe("loyalist");
    const status = await eventually(async () => {
      const now = await edge.status(STORE, "swinging");
      return now.state === "ready" && now.persona_hash.includes("_loyalist_") ? now : undefined;
    }, "its page");
    expect(status.persona_hash).toContain("_loyalist_");
    expect(edge.generator.askedFor("swinging").length).toBeLessThanOrEqual(3);
  });
});

describe("behaviour that changes the persona", () => {
  it("leads to the new page within 15 seconds, while the old one is served and the WebSocket tells of it", async () => {
    await edge.fetch(`/s/${STORE}?shopper=alice`);
    const before = await edge.until(STORE, "alice", "ready");
    const client = await Client.open(edge, `store=${STORE}&shopper=alice`);
    const first = await client.event("ui_ready");
    client.say({ type: "ui_acknowledged", data: { persona_hash: first.data["persona_hash"] } });

    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    edge.generator.behaviours.set(STORE, async ({ request }, response) => {
      await held;
      answer(response, 200, pageFor(request));
    });
    const changedAt = Date.now();
    // The change is in the second request, which comes too soon after the first to be judged by itself.
    await edge.track(STORE, "alice", [VIEW]);
    await edge.track(STORE, "alice", TELLING);
    await eventually(async () => edge.generator.askedFor("alice")[1], "the new page's job");
    // Up to a second later: the session's copy in KV is written once a second.
    const shownAt = await eventually(async () => {
      const meanwhile = await edge.fetch(`/s/${STORE}?shopper=alice`);
      expect(meanwhile.headers.get("X-Wand-Persona")).toBe("unknown");
      return /<html[^>]* data-wand-preparing="([^"]*)"/.exec(await meanwhile.text())?.[1];
    }, "the page to say that a newer one is being made");
    expect(shownAt).toBe(before.generated_at);

    release();
    edge.generator.behaviours.delete(STORE);
    await client.until((heard) => heard.filter(({ type }) => type === "ui_ready").length === 2, "the new page");
    expect(Date.now() - changedAt).toBeLessThan(15_000);
    const ready = client.heard.at(-1);
    expect(String(ready?.data["persona_hash"])).toContain("_dealhunter_");
    expect(Date.parse(String(ready?.data["generated_at"]))).toBeGreaterThan(Date.parse(shownAt));
    const after = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(after.headers.get("X-Wand-Persona")).toBe("dealhunter");
    expect((await after.text()).includes("data-wand-preparing")).toBe(false);
    await client.close();
  });

  it("is not lost when the process ends before the burst was judged", async () => {
    await edge.track(STORE, "cut-off", [VIEW]);
    await edge.track(STORE, "cut-off", TELLING);
    await edge.restart();
    await eventually(
      async () => ((await sessionOf("cut-off"))?.persona.type === "dealhunter" ? true : undefined),
      "the persona",
    );
    await edge.until(STORE, "cut-off", "ready");
  });
});

describe("what is kept", () => {
  it("is every event", async () => {
    const kept = await edge.whileStopped(() => keptBy(edge));
    const rows = kept.filter(({ file, text }) => file.includes("Shopper") && text.startsWith("events "));
    const objects = [...new Set(rows.map(({ file }) => file))];
    const most = Math.max(...objects.map((file) => rows.filter((row) => row.file === file).length));
    expect(most).toBe(1_000);
  });
});
