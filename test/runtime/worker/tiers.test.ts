import http, { type IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import type { Response } from "miniflare";
import type { CachedUI } from "../../../runtime/contract/cachedUi";
import { Edge, eventually } from "./harness";
import { product, storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

/** Each host has pages of its own in memory, so another one is a Worker that has just started. */
let hosts = 0;
const elsewhere = (shopper: string): Promise<Response> =>
  edge.fetch(`http://host-${++hosts}.test/s/${STORE}?shopper=${shopper}`);
const sourceOf = (response: Response): string | null => response.headers.get("X-Wand-Source");
const isPreparing = (html: string): boolean => html.includes("data-wand-preparing");
const kv = () => edge.mf.getKVNamespace("UI_CACHE");
const r2 = () => edge.mf.getR2Bucket("UI_STORAGE");

/** A shopper who has a page. */
async function shopperWithPage(shopper: string): Promise<{ key: string; object: string; hash: string }> {
  await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
  const { persona_hash: hash } = await edge.until(STORE, shopper, "ready");
  return { key: `ui:${STORE}:${shopper}:${hash}`, object: `generated/${STORE}:${shopper}.html`, hash };
}

async function stored(key: string): Promise<CachedUI> {
  const bytes = await (await kv()).get(key, "arrayBuffer");
  return JSON.parse(gunzipSync(Buffer.from(bytes ?? new ArrayBuffer(0))).toString()) as CachedUI;
}

/** Makes a shopper's page older than it is, in KV. */
async function age(key: string, ms: number): Promise<void> {
  const page = await stored(key);
  const meta = { ...page.meta, generated_at: new Date(Date.now() - ms).toISOString() };
  await (await kv()).put(key, new Uint8Array(gzipSync(JSON.stringify({ ...page, meta }))).buffer);
}

/** A page as it comes over the wire, nothing unpacked. */
async function onTheWire(
  shopper: string,
  accepts: string | undefined,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const url = new URL(`/s/${STORE}?shopper=${shopper}`, await edge.mf.ready);
  const headers = { Host: `host-${++hosts}.test`, ...(accepts !== undefined && { "Accept-Encoding": accepts }) };
  return new Promise((resolve, reject) => {
    const asked = http.get(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    });
    asked.on("error", reject);
  });
}

function unpacked(body: Buffer, encoding: string | undefined): string {
  if (encoding === undefined) return body.toString();
  return (encoding === "br" ? brotliDecompressSync(body) : gunzipSync(body)).toString();
}

describe("the tiers", () => {
  it.each(["gzip", "br", "identity", undefined])(
    "send the same page from KV to whoever accepts %s",
    async (accepts) => {
      const { key } = await shopperWithPage("packer");
      const { headers, body } = await onTheWire("packer", accepts);
      expect(headers["x-wand-source"]).toBe("kv");
      const html = unpacked(body, headers["content-encoding"]);
      expect(html).toContain((await stored(key)).ui.html.slice(0, 2000));
      expect(html).toMatch(/name="consent"[^]*<\/html>\s*$/);
    },
  );

  it("are asked in order: memory, KV, R2, and at last the fallback", async () => {
    const { key, object } = await shopperWithPage("alice");
    const first = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect([sourceOf(first), first.headers.get("Server-Timing")]).toEqual([
      "kv",
      expect.stringMatching(/kv;dur=[\d.]+.*total;dur=[\d.]+$/),
    ]);
    const second = await edge.fetch(`/s/${STORE}?shopper=alice`);
    expect(sourceOf(second)).toBe("memory");
    expect(second.headers.get("Server-Timing")).not.toMatch(/\b(kv|r2);/);
    expect(await second.text()).toBe(await first.text());

    await (await kv()).delete(key);
    const third = await elsewhere("alice");
    expect([sourceOf(third), third.headers.get("Server-Timing")]).toEqual([
      "r2",
      expect.stringMatching(/kv;dur=.*r2;dur=/),
    ]);
    await (await r2()).delete(object);
    const fourth = await elsewhere("alice");
    expect([sourceOf(fourth), fourth.headers.get("X-Wand-Persona")]).toEqual(["fallback", "unknown"]);
  });

  it.each<[string, Record<string, string>]>([
    ["somebody new", { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0" }],
    ["a search engine", { "User-Agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" }],
  ])("KV and R2 are not asked for %s", async (_who, headers) => {
    const response = await edge.fetch(`/s/${STORE}`, { headers });
    expect([response.status, sourceOf(response)]).toEqual([200, "fallback"]);
    expect(response.headers.get("Server-Timing")).not.toMatch(/\b(kv|r2);/);
  });

  it("hold a page packed, for about its time, and answer HEAD as GET", async () => {
    const { key } = await shopperWithPage("henry");
    const value = await (await kv()).get(key, "arrayBuffer");
    expect([...new Uint8Array(value ?? new ArrayBuffer(0)).slice(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(await stored(key)).toMatchObject({
      version: 1,
      format: "layout",
      source: "template",
      shop_context: { shop_id: STORE },
    });
    const address = `/s/${STORE}?shopper=henry`;
    const head = await edge.fetch(address, { method: "HEAD" });
    const get = await edge.fetch(address);
    expect([head.status, sourceOf(head), await head.text()]).toEqual([200, "kv", ""]);
    for (const name of ["Content-Type", "Content-Security-Policy", "Cache-Control", "X-Wand-Persona"]) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  it("serve a page beyond its time at once, while a new one is made, and that one after it", async () => {
    const { key, hash } = await shopperWithPage("stella");
    await age(key, 2 * HOUR_MS);
    const before = (await stored(key)).meta.generated_at;
    // The session still says that a newer page is there; this shopper's says the same as the page.
    const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
    const session = JSON.parse((await sessions.get(`session:${STORE}:stella`)) ?? "{}") as { page: object };
    await sessions.put(
      `session:${STORE}:stella`,
      JSON.stringify({ ...session, page: { ...session.page, generated_at: before } }),
    );
    await edge.restart(); // the object that made the session had told its isolate
    const asked = edge.generator.askedFor("stella").length;
    const stale = await edge.fetch(`/s/${STORE}?shopper=stella`);
    expect([sourceOf(stale), isPreparing(await stale.text())]).toEqual(["kv", true]);
    const renewed = await eventually(async () => {
      const page = await stored(`ui:${STORE}:stella:${hash}`);
      return page.meta.generated_at > before ? page : undefined;
    }, "a new page");
    expect(edge.generator.askedFor("stella")).toHaveLength(asked + 1);
    expect(isPreparing(await (await elsewhere("stella")).text())).toBe(false);
    // What memory has of the old page does not stand before the new one for longer than the session's copy is behind.
    await eventually(async () => {
      const page = await edge.fetch(`/s/${STORE}?shopper=stella`);
      return isPreparing(await page.text()) ? undefined : true;
    }, "the new page from where the old one was in memory");
    expect((await stored(key)).meta.generated_at).toBe(renewed.meta.generated_at);
    expect(edge.generator.askedFor("stella")).toHaveLength(asked + 1);
  });

  it("show no page that is stale for more than a day", async () => {
    const { key, object } = await shopperWithPage("old");
    await age(key, 25 * HOUR_MS + 60_000);
    await (await r2()).delete(object);
    expect(sourceOf(await elsewhere("old"))).toBe("fallback");
  });

  it.each([
    ["{ not json", "<script>1</script>"],
    ["", ""],
    [JSON.stringify({ version: 1, ui: { html: "<p>forged</p>", components: [] } }), "<p>forged</p>"],
  ])("take a value that is no page of ours for none: %s", async (inKv, inR2) => {
    const shopper = `mallory-${inKv.length}`;
    const { key, object } = await shopperWithPage(shopper);
    await (await kv()).put(key, inKv);
    await (await r2()).put(object, inR2);
    const response = await elsewhere(shopper);
    expect([response.status, sourceOf(response)]).toEqual([200, "fallback"]);
    expect(await response.text()).not.toContain("forged");
  });
});

describe("a shop with more products than a generator is sent", () => {
  it("lists the rest on the stored page as on one that is drawn here", async () => {
    const slug = "large-shop";
    const record = storeRecord(slug);
    const products = Array.from({ length: 130 }, (_, index) => product(index));
    await edge.putStore({ ...record, catalogue: { ...record.catalogue, products } });
    await edge.fetch(`/s/${slug}?shopper=lena`);
    await edge.until(slug, "lena", "ready");
    expect(edge.generator.askedFor("lena")[0]?.request.shop.products).toHaveLength(48);
    const page = await edge.fetch(`/s/${slug}?shopper=lena`);
    expect(sourceOf(page)).toBe("kv");
    const html = await page.text();
    for (const { title } of products) expect(html.includes(title)).toBe(true);
    expect(page.headers.get("Content-Security-Policy")).toContain("style-src 'sha256-");
  });
});
