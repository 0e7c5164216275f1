import { createHmac } from "node:crypto";
import { Edge, SIGNING_KEY } from "./harness";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

const signed = (text: string): string => createHmac("sha256", SIGNING_KEY).update(text).digest("base64url");
const visit = (query = "", headers: Record<string, string> = {}) =>
  edge.fetch(`/s/${STORE}${query}`, { headers: { "User-Agent": BROWSER, ...headers } });
const cookieOf = (header: string | null): string => (header ?? "").split(";")[0] ?? "";

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
  await edge.putStore(storeRecord("asks-first", { settings: { consent_required: true } }));
});
afterAll(() => edge.stop());

describe("a browser without a name", () => {
  it("gets one by a signed cookie, and its own page under it", async () => {
    const first = await visit();
    const header = first.headers.get("Set-Cookie");
    expect(header).toMatch(/^wand_shopper=[0-9a-f]{32}\.[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    const shopper = /=([0-9a-f]{32})/.exec(header ?? "")?.[1] ?? "";
    await edge.until(STORE, shopper, "ready");
    const second = await visit("", { Cookie: cookieOf(header) });
    expect(second.headers.get("X-Wand-Source")).toBe("kv");
    expect(second.headers.get("Set-Cookie")).toBeNull();
    expect((await second.text()).includes(shopper)).toBe(false);
  });

  it("gets a cookie that no other host can set when it comes by https", async () => {
    const response = await edge.mf.dispatchFetch(`https://shop.test/s/${STORE}`, {
      headers: { "User-Agent": BROWSER },
    });
    expect(response.headers.get("Set-Cookie")).toMatch(/^__Host-wand_shopper=.*; HttpOnly; Secure; SameSite=Lax$/);
  });

  it("is somebody new with a cookie that we did not sign", async () => {
    const forged = await visit("", { Cookie: `wand_shopper=alice.${signed("cookie:bob")}` });
    expect(forged.headers.get("Set-Cookie")).toMatch(/^wand_shopper=[0-9a-f]{32}\./);
  });

  it("gets nothing kept where the shop asks for consent first", async () => {
    const response = await edge.fetch("/s/asks-first", { headers: { "User-Agent": BROWSER } });
    expect(response.headers.get("Set-Cookie")).toBeNull();
    await edge.fetch("/s/asks-first?shopper=alice");
    expect((await edge.status("asks-first", "alice")).state).toBe("none");
  });
});

describe("a browser without a screen", () => {
  it("is a browser", async () => {
    const agent =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36";
    expect((await visit("", { "User-Agent": agent })).headers.get("Set-Cookie")).toMatch(/^wand_shopper=/);
  });
});

describe("an HTTP client", () => {
  it("gets a shopper's page when it names one, and the anonymous page when it does not", async () => {
    const nameless = await visit("", { "User-Agent": "curl/8.5.0" });
    expect(nameless.headers.get("Set-Cookie")).toBeNull();
    const named = await visit("?shopper=scripted", { "User-Agent": "curl/8.5.0" });
    expect((await named.text()).includes("data-wand-preparing")).toBe(true);
  });
});

describe("a crawler", () => {
  it.each(["", "?shopper=crawled"])("gets the anonymous page and triggers nothing (%s)", async (query) => {
    const response = await visit(query, { "User-Agent": CRAWLER });
    expect(response.status).toBe(200);
    expect(response.headers.get("X-Wand-Source")).toBe("fallback");
    expect(response.headers.get("Set-Cookie")).toBeNull();
    expect((await response.text()).includes("data-wand-preparing")).toBe(false);
    expect((await edge.status(STORE, "crawled")).state).toBe("none");
  });
});

describe("a link that names a shopper", () => {
  it("is taken unsigned where the stack allows that, and sets no cookie", async () => {
    const response = await visit("?shopper=alice");
    expect(response.status).toBe(200);
    expect(response.headers.get("Set-Cookie")).toBeNull();
  });

  it.each([
    ["?shopper=", "shopper"],
    ["?shopper=a%20b", "shopper"],
    [`?shopper=${"x".repeat(65)}`, "shopper"],
    ["?shopper=alice&sig=wrong", "sig"],
    [`?shopper=alice&sig=${signed(`link:${STORE}:bob`)}`, "sig"],
    [`?shopper=alice&sig=${signed("link:other-shop:alice")}`, "sig"],
  ])("is refused when it is %s", async (query, field) => {
    const response = await visit(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "BAD_SHOPPER", field, retryable: false } });
  });

  it("has to be signed where the stack says so", async () => {
    await edge.restart({ UNSIGNED_LINKS: "false" });
    expect((await visit("?shopper=alice")).status).toBe(400);
    expect((await visit(`?shopper=alice&sig=${signed(`link:${STORE}:alice`)}`)).status).toBe(200);
  });
});
