import { Edge } from "./harness";
import { cookieOf, keptBy, ofShopper } from "./support/kept";
import { storeRecord } from "./support/store";

const edge = new Edge();
/** One asks first, the other does not. */
const [ASKS, FREE] = ["asks-first", "magic-wands"];
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const REFUSED = "wand_consent=no";
const YES = "Personalise my store";
const NO = "No thanks";

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(ASKS, { settings: { consent_required: true } }));
  await edge.putStore(storeRecord(FREE));
});
afterAll(() => edge.stop());

const visit = (store: string, cookie = "", query = "", agent = BROWSER) =>
  edge.fetch(`/s/${store}${query}`, { headers: { "User-Agent": agent, Cookie: cookie } });
const say = (body: unknown, headers: Record<string, string> = {}) =>
  edge.fetch("/api/shopper/consent", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "User-Agent": BROWSER, "Content-Type": "application/json", ...headers },
  });
const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  edge.fetch("/api/shopper/consent", {
    method: "POST",
    body: String(new URLSearchParams(fields)),
    headers: { "User-Agent": BROWSER, "Content-Type": "application/x-www-form-urlencoded", ...headers },
  });
const track = async (store: string, cookie: string): Promise<unknown> => {
  const body = JSON.stringify({ store, type: "wishlist", product_id: "thing-1" });
  const headers = { "User-Agent": BROWSER, Cookie: cookie };
  const response = await edge.fetch("/api/shopper/track", { method: "POST", body, headers });
  return [response.status, ((await response.json()) as { accepted: number }).accepted];
};
/** The cookie that an answer gives, as a browser sends it back, and the id in it. */
const named = (response: { headers: { get(name: string): string | null } }): { cookie: string; shopper: string } => {
  const [cookie, shopper] = /wand_shopper=(\w+)\.[\w-]+/.exec(response.headers.get("Set-Cookie") ?? "") ?? [];
  return { cookie: cookie ?? "", shopper: shopper ?? "" };
};
const countOf = async (namespace: "SHOPPER_SESSIONS" | "UI_CACHE"): Promise<number> =>
  (await (await edge.mf.getKVNamespace(namespace)).list()).keys.length;

describe("a shop that asks first", () => {
  it("asks, and until it is told yes keeps nothing of its visitors and makes nothing for them", async () => {
    const page = await visit(ASKS);
    const html = await page.text();
    expect([html.includes(YES), html.includes(NO), html.includes("data-wand-preparing")]).toEqual([true, true, false]);
    expect(page.headers.get("Set-Cookie")).toBeNull();
    expect(page.headers.get("Content-Security-Policy")).toContain("form-action 'self' https://shop.example");

    // Somebody who is known from another shop of the stack has not been asked here either.
    const cookie = cookieOf("known-elsewhere");
    expect((await (await visit(ASKS, cookie)).text()).includes(YES)).toBe(true);
    expect(await track(ASKS, cookie)).toEqual([202, 0]);
    expect((await visit(ASKS, "", "?shopper=known-elsewhere")).headers.get("X-Wand-Persona")).toBe("unknown");
    expect((await edge.status(ASKS, "known-elsewhere")).state).toBe("none");
    expect([await countOf("SHOPPER_SESSIONS"), await countOf("UI_CACHE")]).toEqual([0, 0]);
    expect(edge.generator.askedBy(ASKS)).toEqual([]);
  });

  it("personalises from a yes on, under a name that it gives", async () => {
    const yes = await say({ store: ASKS, consent: true });
    expect([yes.status, await yes.json()]).toEqual([200, { consent: true }]);
    const { cookie, shopper } = named(yes);
    const first = await visit(ASKS, cookie);
    expect((await first.text()).includes("data-wand-preparing")).toBe(true);
    await edge.until(ASKS, shopper, "ready");
    const own = await visit(ASKS, cookie);
    expect(own.headers.get("X-Wand-Source")).toMatch(/^(?:kv|memory)$/);
    const html = await own.text();
    expect([html.includes(YES), html.includes("Switch personalisation off"), html.includes(shopper)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(await track(ASKS, cookie)).toEqual([202, 1]);
    const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
    expect(await sessions.get(`session:${ASKS}:${shopper}`, "json")).toMatchObject({ consent: "granted" });
  });

  it("knows of a yes that its copy in KV lacks", async () => {
    const { cookie, shopper } = named(await say({ store: ASKS, consent: true }));
    await (await edge.mf.getKVNamespace("SHOPPER_SESSIONS")).delete(`session:${ASKS}:${shopper}`);
    await edge.restart(); // and so does the isolate's memory
    expect((await (await visit(ASKS, cookie)).text()).includes(YES)).toBe(false);
    expect(await track(ASKS, cookie)).toEqual([202, 1]);
  });

  it("keeps the name that a shopper has, and a yes is for that shop alone", async () => {
    await edge.putStore(storeRecord("asks-too", { settings: { consent_required: true } }));
    const cookie = cookieOf("carries-on");
    expect((await say({ store: ASKS, consent: true }, { Cookie: cookie })).headers.get("Set-Cookie")).toBeNull();
    expect((await (await visit(ASKS, cookie)).text()).includes(YES)).toBe(false);
    expect((await (await visit("asks-too", cookie)).text()).includes(YES)).toBe(true);
  });

  it("gives a crawler no name and asks it nothing", async () => {
    const yes = await say({ store: ASKS, consent: true }, { "User-Agent": CRAWLER });
    expect(yes.headers.get("Set-Cookie")).toBeNull();
    expect((await (await visit(ASKS, "", "", CRAWLER)).text()).includes(YES)).toBe(false);
  });
});

describe("a no", () => {
  it("erases the shopper everywhere, forgets their name, and is remembered without one", async () => {
    const { cookie, shopper } = named(await visit(FREE));
    await edge.until(FREE, shopper, "ready");
    await say({ store: ASKS, consent: true }, { Cookie: cookie });
    await visit(ASKS, cookie);
    await edge.until(ASKS, shopper, "ready");
    await edge.untilRecorded(ASKS, shopper, "done");

    const no = await say({ store: ASKS, consent: false }, { Cookie: cookie });
    expect([no.status, await no.json()]).toEqual([200, { consent: false }]);
    expect(no.headers.getSetCookie()).toEqual([
      "wand_consent=no; Max-Age=15552000; Path=/; HttpOnly; SameSite=Lax",
      "wand_shopper=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    ]);
    expect(ofShopper(await edge.whileStopped(() => keptBy(edge)), shopper)).toEqual([]);
  });

  it.each([ASKS, FREE])("holds in the shop %s: nobody is known, asked or tracked there", async (store) => {
    const sessions = await countOf("SHOPPER_SESSIONS");
    for (const cookie of [REFUSED, `${cookieOf("refuser")}; ${REFUSED}`]) {
      const page = await visit(store, cookie);
      const html = await page.text();
      expect(page.headers.get("Set-Cookie")).toBeNull();
      expect(page.headers.get("X-Wand-Source")).toBe("fallback");
      expect([html.includes(YES), html.includes("data-wand-preparing")]).toEqual([false, false]);
      expect(html).toContain("Switch personalisation on");
      expect(await track(store, cookie)).toEqual([202, 0]);
    }
    expect((await visit(store, REFUSED, "?shopper=refuser")).headers.get("X-Wand-Source")).toBe("fallback");
    expect((await edge.status(store, "refuser")).state).toBe("none");
    expect(await countOf("SHOPPER_SESSIONS")).toBe(sessions);
  });

  it("can be taken back", async () => {
    const yes = await say({ store: FREE, consent: true }, { Cookie: REFUSED });
    const cookies = yes.headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(/^wand_shopper=[0-9a-f]{32}\./) as string,
      "wand_consent=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    ]);
  });

  it("is remembered even when not everything could be erased, and the name with it, to ask once more", async () => {
    const db = await edge.mf.getD1Database("DB");
    await db.prepare("ALTER TABLE ui_generations RENAME TO away").run();
    const cookie = cookieOf("half-erased");
    const no = await send({ store: FREE, consent: "false" }, { Cookie: cookie, Accept: "text/html" });
    await db.prepare("ALTER TABLE away RENAME TO ui_generations").run();
    expect(no.status).toBe(503);
    expect(no.headers.getSetCookie()).toEqual([expect.stringMatching(/^wand_consent=no;/) as string]);
    expect(await no.text()).toMatch(/^<!doctype html>[^]*Not everything could be erased/);
  });
});

describe("a page's form", () => {
  it("leads back to the storefront, by the name that its address has", async () => {
    const referer = `http://shop.test/s/${ASKS}?shopper=linked`;
    const yes = await send({ store: ASKS, consent: "true" }, { Referer: referer, Origin: "http://shop.test" });
    expect([yes.status, yes.headers.get("Location")]).toEqual([303, `/s/${ASKS}?shopper=linked`]);
    expect(yes.headers.get("Set-Cookie")).toBeNull();
    await visit(ASKS, "", "?shopper=linked");
    await edge.until(ASKS, "linked", "ready");
    await send({ store: ASKS, consent: "false" }, { Referer: referer });
    expect((await edge.status(ASKS, "linked")).state).toBe("none");
  });

  it.each([
    "",
    "http://elsewhere.test/s/asks-first?shopper=other",
    "http://shop.test/s/magic-wands?shopper=other",
    "?",
  ])("leads to the storefront when the browser says %p of where it was", async (referer) => {
    const yes = await send({ store: ASKS, consent: "true" }, referer === "" ? {} : { Referer: referer });
    expect([yes.status, yes.headers.get("Location")]).toEqual([303, `/s/${ASKS}`]);
    expect(named(yes).shopper).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("POST /api/shopper/consent", () => {
  it.each([
    ["no JSON", "{", "body"],
    ["a list", "[]", "body"],
    ["nothing", "", "body"],
    ["no store", '{"consent": true}', "store"],
    ["no answer", `{"store": "${ASKS}"}`, "consent"],
    ["a word for an answer", `{"store": "${ASKS}", "consent": "maybe"}`, "consent"],
    ["a bad shopper", `{"store": "${ASKS}", "consent": true, "shopper": "a b"}`, "shopper"],
    ["the cohort's word", `{"store": "${ASKS}", "consent": true, "shopper": "cohort"}`, "shopper"],
    ["a wrong signature", `{"store": "${ASKS}", "consent": false, "shopper": "a", "sig": "x"}`, "sig"],
  ])("refuses %s and names the field", async (_what, body, field) => {
    const headers = { "User-Agent": BROWSER };
    const response = await edge.fetch("/api/shopper/consent", { method: "POST", body, headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { field } });
  });

  it("knows no store that is not there", async () => {
    expect((await say({ store: "nowhere", consent: true })).status).toBe(404);
  });

  it("refuses another site's form, whatever it says", async () => {
    for (const consent of ["true", "false"]) {
      const response = await send({ store: ASKS, consent }, { Origin: "https://evil.example", Cookie: cookieOf("a") });
      expect([response.status, response.headers.get("Set-Cookie")]).toEqual([403, null]);
      expect(await response.json()).toMatchObject({ error: { code: "CROSS_SITE" } });
    }
  });

  it("gives cookies that no other host can set when it is asked by https", async () => {
    const yes = await edge.mf.dispatchFetch("https://shop.test/api/shopper/consent", {
      method: "POST",
      body: JSON.stringify({ store: ASKS, consent: true }),
      headers: { "User-Agent": BROWSER, Cookie: REFUSED },
    });
    expect(yes.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-wand_shopper=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/) as string,
      "wand_consent=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
  });
});
