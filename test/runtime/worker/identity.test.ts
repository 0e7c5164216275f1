import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { runInNewContext } from "node:vm";
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

  it.each([
    ["for another name", `alice.${signed("cookie:bob")}`],
    ["for a link", `alice.${signed(`link:${STORE}:alice`)}`],
    [
      "of another stack",
      `alice.${createHmac("sha256", "another-stacks-key").update("cookie:alice").digest("base64url")}`,
    ],
    ["that was cut", `alice.${signed("cookie:alice").slice(0, -1)}`],
    ["that is none", "alice."],
    ["that is left out", "alice"],
    ["of the word that no shopper has", `cohort.${signed("cookie:cohort")}`],
  ])("is somebody new with a cookie with a signature %s", async (_what, value) => {
    const forged = await visit("", { Cookie: `wand_shopper=${value}` });
    expect(forged.headers.get("Set-Cookie")).toMatch(/^wand_shopper=[0-9a-f]{32}\./);
  });

  it("is known by a cookie that we signed, and over https only by one that no other host can have set", async () => {
    const value = `alice.${signed("cookie:alice")}`;
    expect((await visit("", { Cookie: `a=b; wand_shopper=${value}` })).headers.get("Set-Cookie")).toBeNull();
    const secure = async (cookie: string) =>
      (
        await edge.mf.dispatchFetch(`https://shop.test/s/${STORE}`, {
          headers: { "User-Agent": BROWSER, Cookie: cookie },
        })
      ).headers;
    expect((await secure(`__Host-wand_shopper=${value}`)).get("Set-Cookie")).toBeNull();
    expect((await secure(`wand_shopper=${value}`)).get("Set-Cookie")).toMatch(/^__Host-wand_shopper=[0-9a-f]{32}\./);
  });

  it("sets off no more by HEAD than it shows", async () => {
    const head = await edge.fetch(`/s/${STORE}?shopper=headed`, { method: "HEAD", headers: { "User-Agent": BROWSER } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    await visit("?shopper=headed-after");
    await edge.until(STORE, "headed-after", "ready");
    expect((await edge.status(STORE, "headed")).state).toBe("none");
  });

  it("gets a page begun with its first visits, but not without end when it gives no cookie back", async () => {
    const slug = "cookieless";
    await edge.putStore(storeRecord(slug));
    const from = (address: string) => ({ "User-Agent": BROWSER, "CF-Connecting-IP": address });
    const begun = async (address: string): Promise<boolean> =>
      (await (await edge.fetch(`/s/${slug}`, { headers: from(address) })).text()).includes("data-wand-preparing");
    const visits = [];
    for (let n = 0; n < 35; n++) visits.push(await begun("2001:db8:1:2::5"));
    expect(visits.filter(Boolean)).toHaveLength(30);
    expect(visits.slice(0, 30)).not.toContain(false);
    expect(await begun("2001:db8:1:3::5")).toBe(true);
    // Whoever comes back by the name that they got has theirs made all the same.
    const last = await edge.fetch(`/s/${slug}`, { headers: from("2001:db8:1:2::5") });
    const back = { ...from("2001:db8:1:2::5"), Cookie: cookieOf(last.headers.get("Set-Cookie")) };
    const again = await edge.fetch(`/s/${slug}`, { headers: back });
    expect((await again.text()).includes("data-wand-preparing")).toBe(true);
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

  it("leaves nothing of the shopper in the page, whose canonical link is the store's", async () => {
    await visit("?shopper=visible-name");
    await edge.until(STORE, "visible-name", "ready");
    for (const source of ["kv", "memory"]) {
      const response = await visit("?shopper=visible-name");
      expect(response.headers.get("X-Wand-Source")).toBe(source);
      const html = await response.text();
      expect(html).not.toContain("visible-name");
      expect(html).toContain(`<link rel="canonical" href="http://shop.test/s/${STORE}"`);
    }
  });

  it("leads from the address with a slash at its end to the one without, with the parameters", async () => {
    const response = await edge.fetch(`/s/${STORE}/?shopper=alice`);
    expect([response.status, response.headers.get("Location")]).toEqual([308, `/s/${STORE}?shopper=alice`]);
    expect((await edge.fetch("/s/No_Slug/")).status).toBe(400);
  });

  it.each([
    ["?shopper=", "shopper"],
    ["?shopper=cohort", "shopper"],
    [`?shopper=cohort&sig=${signed(`link:${STORE}:cohort`)}`, "sig"],
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

  it("is signed as the reference says", async () => {
    const reference = readFileSync(path.resolve(__dirname, "../../../docs/reference/routes.md"), "utf8");
    const [, code = ""] = /```js\n([^]*?)```/.exec(reference) ?? [];
    const { linkTo } = runInNewContext(`${code}; ({ linkTo })`, { require }) as {
      linkTo: (store: string, shopper: string, key: string) => string;
    };
    expect((await edge.fetch(linkTo(STORE, "alice", SIGNING_KEY))).status).toBe(200);
    expect((await edge.fetch(linkTo(STORE, "alice", "another-key"))).status).toBe(400);
  });
});

describe("a signing key that took another's place", () => {
  const NEWER = "a-newer-signing-key-of-the-tests";
  const by = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("base64url");
  const isKnown = async (key: string): Promise<boolean> => {
    const response = await visit("", { Cookie: `wand_shopper=rita.${by(key, "cookie:rita")}` });
    return response.headers.get("Set-Cookie") === null;
  };

  it("signs from then on, and what the former one signed stays good", async () => {
    await edge.restart({ SHOPPER_SIGNING_KEY: `${NEWER},${SIGNING_KEY}`, UNSIGNED_LINKS: "false" });
    expect([await isKnown(NEWER), await isKnown(SIGNING_KEY), await isKnown("another-key")]).toEqual([
      true,
      true,
      false,
    ]);
    const cookie = cookieOf((await visit()).headers.get("Set-Cookie"));
    const [shopper, signature] = cookie.replace("wand_shopper=", "").split(".");
    expect(signature).toBe(by(NEWER, `cookie:${shopper}`));
    for (const key of [NEWER, SIGNING_KEY]) {
      expect((await visit(`?shopper=rita&sig=${by(key, `link:${STORE}:rita`)}`)).status).toBe(200);
    }
  });

  it("is the only one after the next rotation", async () => {
    await edge.restart({ SHOPPER_SIGNING_KEY: `the-newest-key-of-the-tests,${NEWER}` });
    expect([await isKnown(NEWER), await isKnown(SIGNING_KEY)]).toEqual([true, false]);
  });
});

describe("what search engines ask for", () => {
  it("is where the storefronts are", async () => {
    expect(await (await edge.fetch("/robots.txt")).text()).toMatch(
      /^User-agent: \*\nAllow: \/s\/\n[^]*Disallow: \/\n\nSitemap: http:\/\/shop\.test\/sitemap\.xml\n$/,
    );
  });

  it("is a list of all stores by their canonical addresses, for an hour", async () => {
    const response = await edge.fetch("/sitemap.xml");
    expect(response.headers.get("Content-Type")).toBe("application/xml; charset=utf-8");
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=3600");
    const xml = await response.text();
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<urlset xmlns="http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9">/,
    );
    expect([...xml.matchAll(/<url><loc>([^<]*)<\/loc><\/url>/g)].map(([, address]) => address)).toEqual([
      "http://shop.test/s/asks-first",
      "http://shop.test/s/cookieless",
      `http://shop.test/s/${STORE}`,
    ]);
  });
});
