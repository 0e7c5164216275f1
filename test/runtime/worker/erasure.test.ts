import { Edge, eventually } from "./harness";
import { answer, pageFor } from "./support/generator";
import { cookieOf, keptBy, ofShopper, signed, type Kept } from "./support/kept";
import { storeRecord } from "./support/store";

const edge = new Edge();
const [STORE, OTHER] = ["magic-wands", "other-shop"];
const EVENTS = [
  { type: "wishlist", product_id: "thing-1" },
  { type: "wishlist", product_id: "thing-5" },
  { type: "compare", product_ids: ["thing-1", "thing-5"] },
];

beforeAll(async () => {
  await edge.start();
  for (const slug of [STORE, OTHER]) await edge.putStore(storeRecord(slug));
});
afterAll(() => edge.stop());

const erase = (query = "", headers: Record<string, string> = {}) =>
  edge.fetch(`/api/shopper${query}`, { method: "DELETE", headers });

/** A shopper who has everything that one can have in a store: a page in every tier, events, a persona, rows, a job's record. */
async function settle(store: string, shopper: string): Promise<void> {
  await edge.fetch(`/s/${store}?shopper=${shopper}`);
  await edge.until(store, shopper, "ready");
  await edge.track(store, shopper, EVENTS);
  const db = await edge.mf.getD1Database("DB");
  const rows = db
    .prepare("SELECT status, persona_hash FROM ui_generations WHERE shopper_id = ? AND substr(kv_key, 1, ?) = ?")
    .bind(shopper, store.length + 4, `ui:${store}:`);
  await eventually(async () => {
    const { results } = await rows.all<{ status: string; persona_hash: string }>();
    const made = results.filter(({ status }) => status === "completed").map(({ persona_hash }) => persona_hash);
    return made.length === results.length && made.some((hash) => hash.includes("_collector_")) ? true : undefined;
  }, `${shopper}'s page as a collector`);
  await edge.untilRecorded(store, shopper, "done");
  const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
  await eventually(async () => {
    const session = (await sessions.get(`session:${store}:${shopper}`, "json")) as {
      page?: { persona_hash: string };
    } | null;
    return session?.page?.persona_hash.includes("_collector_") === true ? true : undefined;
  }, `${shopper}'s session to be in KV`);
  await edge.fetch(`/s/${store}?shopper=${shopper}`);
}

/** What lies on the disk. */
const everything = (): Promise<Kept[]> => edge.whileStopped(() => keptBy(edge));

/** What lies on the disk once nothing is put off any more that is a shopper's. */
function quiet(shopper: string): Promise<Kept[]> {
  let before = "";
  return eventually(async () => {
    const kept = await everything();
    const now = JSON.stringify(ofShopper(kept, shopper));
    if (now === before) return kept;
    before = now;
    return undefined;
  }, `nothing of ${shopper}'s to change any more`);
}

async function generationsIn(store: string, shopper: string): Promise<number | null> {
  const db = await edge.mf.getD1Database("DB");
  const query = db.prepare("SELECT COUNT(*) AS n FROM ui_generations WHERE substr(kv_key, 1, ?) = ?");
  const prefix = `ui:${store}:${shopper}:`;
  return query.bind(prefix.length, prefix).first<number>("n");
}

const tiersOf = (kept: readonly Kept[]): string[] =>
  [...new Set(kept.map(({ file }) => /^(kv|r2|d1|do\/[^/]*?-?(?:Shopper|GenerationQueue))/.exec(file)?.[1] ?? file))]
    .map((tier) => tier.replace(/^do\/.*?(Shopper|GenerationQueue)$/, "$1"))
    .toSorted();

describe("DELETE /api/shopper", () => {
  it("leaves no row, key or object of the cookie's shopper in any store, and their neighbour as they were", async () => {
    await Promise.all(["anna", "anna2"].flatMap((shopper) => [STORE, OTHER].map((store) => settle(store, shopper))));
    const before = await quiet("anna2");
    expect(tiersOf(ofShopper(before, "anna"))).toEqual(["GenerationQueue", "Shopper", "d1", "kv", "r2"]);

    const response = await erase("", { Cookie: cookieOf("anna") });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(response.headers.get("Set-Cookie")).toBe("wand_shopper=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");

    const after = await everything();
    expect(ofShopper(after, "anna")).toEqual([]);
    expect(ofShopper(after, "anna2")).toEqual(ofShopper(before, "anna2"));
    // Their values lie in files of their own, by names that say nothing; whatever is left is as it was.
    const values = (kept: readonly Kept[]) => kept.filter(({ file }) => /^(?:kv|r2)\/.*\/blobs\//.test(file));
    expect(values(before)).toEqual(expect.arrayContaining(values(after)));
    expect(values(after).length).toBeGreaterThan(values(before).length / 3);
  });

  it("serves the erased shopper as somebody new at once", async () => {
    await settle(STORE, "berta");
    expect((await edge.fetch(`/s/${STORE}?shopper=berta`)).headers.get("X-Wand-Persona")).toBe("collector");
    await erase("", { Cookie: cookieOf("berta") });
    const page = await edge.fetch(`/s/${STORE}?shopper=berta`);
    expect([page.headers.get("X-Wand-Source"), page.headers.get("X-Wand-Persona")]).toEqual(["fallback", "unknown"]);
  });

  it("forgets a page that was in memory", async () => {
    await edge.fetch(`/s/${STORE}?shopper=bruno`);
    await edge.until(STORE, "bruno", "ready");
    const source = async () => (await edge.fetch(`/s/${STORE}?shopper=bruno`)).headers.get("X-Wand-Source");
    expect([await source(), await source()]).toEqual(["kv", "memory"]);
    await erase("", { Cookie: cookieOf("bruno") });
    expect(await source()).toBe("fallback");
  });

  it("erases by a link in that store only", async () => {
    await Promise.all([settle(STORE, "carl"), settle(OTHER, "carl")]);
    expect((await erase(`?store=${STORE}&shopper=carl&sig=${signed(`link:${STORE}:carl`)}`)).status).toBe(204);
    const left = ofShopper(await everything(), "carl").filter(({ text }) => text.includes(STORE));
    expect(left).toEqual([]);
    const db = await edge.mf.getD1Database("DB");
    const row = await db
      .prepare(
        `SELECT s.shop_id, p.type, COUNT(*) AS generations FROM shoppers s
         JOIN personas p ON p.shopper_id = s.id AND p.hash = s.current_persona_hash
         JOIN ui_generations g ON g.shopper_id = s.id WHERE s.id = 'carl'`,
      )
      .first();
    expect(row).toEqual({ shop_id: OTHER, type: "collector", generations: expect.any(Number) as number });
    expect(row?.["generations"]).toBe(await generationsIn(OTHER, "carl"));
    expect((await edge.fetch(`/s/${OTHER}?shopper=carl`)).headers.get("X-Wand-Persona")).toBe("collector");
  });

  it("is done for somebody of whom there is nothing, and for nobody, as often as it is asked", async () => {
    for (let time = 0; time < 2; time++) {
      expect((await erase("", { Cookie: cookieOf("nobody") })).status).toBe(204);
      expect((await erase()).status).toBe(204);
      expect((await erase("?store=no-such-shop&shopper=nobody")).status).toBe(204);
    }
  });

  it.each([
    [`?store=${STORE}&shopper=cohort`, "BAD_SHOPPER", "shopper"],
    [`?store=${STORE}&shopper=a%20b`, "BAD_SHOPPER", "shopper"],
    [`?store=${STORE}&shopper=dora&sig=${signed(`link:${OTHER}:dora`)}`, "BAD_SHOPPER", "sig"],
    ["?shopper=dora", "BAD_STORE", "store"],
  ])("refuses %s", async (query, code, field) => {
    const response = await erase(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code, field } });
  });

  it("refuses what another site's page made a browser ask, and erases nothing then", async () => {
    await settle(STORE, "emil");
    for (const headers of [
      { Origin: "https://evil.example" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site", Origin: "http://shop.test" },
      { Origin: "null" },
    ] as Record<string, string>[]) {
      const response = await erase("", { Cookie: cookieOf("emil"), ...headers });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "CROSS_SITE", retryable: false } });
    }
    expect((await edge.status(STORE, "emil")).state).toBe("ready");
    const own = await erase("", { Cookie: cookieOf("emil"), Origin: "http://shop.test" });
    expect(own.status).toBe(204);
    expect((await edge.status(STORE, "emil")).state).toBe("none");
  });

  it("says which part failed, not whose, and does the rest; another time does what is left", async () => {
    await settle(STORE, "frida");
    const db = await edge.mf.getD1Database("DB");
    await db.prepare("ALTER TABLE ui_generations RENAME TO away").run();
    edge.log.length = 0;
    const response = await erase("", { Cookie: cookieOf("frida") });
    const text = await response.text();
    await db.prepare("ALTER TABLE away RENAME TO ui_generations").run();
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("5");
    expect(response.headers.get("Set-Cookie")).toBeNull();
    expect(JSON.parse(text)).toMatchObject({
      error: { code: "ERASURE_INCOMPLETE", retryable: true, message: expect.stringContaining("(records)") as string },
    });
    expect(text).not.toContain("frida");
    expect(edge.log.join("")).toContain("erasure_failed");
    expect(edge.log.join("")).not.toContain("frida");
    expect(tiersOf(ofShopper(await everything(), "frida"))).toEqual(["d1"]);

    expect((await erase("", { Cookie: cookieOf("frida") })).status).toBe(204);
    expect(ofShopper(await everything(), "frida")).toEqual([]);
  });
});

test("whoever only looked at something can be found in KV when their store is erased", async () => {
  await edge.track(STORE, "looker", [{ type: "page_view", ms: 10 }]);
  const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
  expect(await sessions.get(`session:${STORE}:looker`, "json")).toMatchObject({ page: null });
});

test("news of a page that was asked for before an erasure leaves nothing, and of a later one what it says", async () => {
  const shoppers = await edge.mf.getDurableObjectNamespace("SHOPPER");
  const name = { store: STORE, shopper: "ida" };
  const object = shoppers.get(shoppers.idFromName(`${STORE}:ida`)) as unknown as Record<
    "erase" | "pageStored" | "session",
    (...values: unknown[]) => Promise<unknown>
  >;
  const page = { persona_hash: "v1_explorer_50_01234567", generated_at: "2100-01-01T00:00:00.000Z", job_id: "a-job" };
  const before = Date.now();
  await object.erase(name);
  // Made by a generator whose clock is ahead.
  await object.pageStored(name, page, before);
  expect(await object.session()).toMatchObject({ page: null });
  await object.pageStored(name, page, before + 60_000);
  expect(await object.session()).toMatchObject({ page });
  // By it the page is found where KV does not list it yet.
  expect(await object.erase(name)).toEqual(page);
  expect(await object.erase(name)).toBeNull();
});

describe("a job that runs while its shopper is erased", () => {
  it("delivers nothing, in any tier", async () => {
    await edge.restart({ POOL_SIZE: "1", GENERATION_CONCURRENCY: "1" });
    let release: (() => void) | undefined;
    edge.generator.behaviours.set(STORE, async ({ request }, response) => {
      await new Promise<void>((resolve) => (release = resolve));
      answer(response, 200, pageFor(request));
    });
    await edge.fetch(`/s/${STORE}?shopper=gustav`);
    await eventually(async () => release, "the generator to be asked");
    expect((await erase("", { Cookie: cookieOf("gustav") })).status).toBe(204);
    edge.generator.behaviours.delete(STORE);
    release?.();
    // With room for one job at a time, the next one's end is after that of this one.
    await edge.fetch(`/s/${STORE}?shopper=helga`);
    await edge.until(STORE, "helga", "ready");
    expect(ofShopper(await everything(), "gustav")).toEqual([]);
  });
});
