import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { buildSync } from "esbuild";
import { chromium, type Browser } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS, itIf } from "../../support/skip";

const inBrowser = itIf(CHROMIUM !== undefined, "no Chromium was found; set CHROMIUM_PATH to one");

const SCRIPT = buildSync({
  entryPoints: [path.resolve(__dirname, "../../../runtime/client/index.ts")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
}).outputFiles[0]!.text;

const PAGE = `<!doctype html><html lang="en" data-store="magic-wands" PREPARING><head>
<meta charset="utf-8"><title>A shop</title><script src="/wand.js" type="module"></script></head><body>
<a href="#only" data-facet="category" data-value="Robes">Robes</a>
<ul><li data-product-id="oak-wand"><a href="#oak">Oak wand</a> <b>in oak</b></li></ul>
<div id="wand-notice" role="status"></div></body></html>`;

interface Told {
  query: Record<string, string>;
  event: unknown;
}

/** A shop's edge as the script sees it: its own address, tracking, and a status that becomes ready. */
class Shop {
  readonly told: Told[] = [];
  states = ["queued", "running", "ready"];
  asked = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://shop");
      if (url.pathname === "/wand.js") return void response.setHeader("Content-Type", "text/javascript").end(SCRIPT);
      if (url.pathname === "/api/generation/status") {
        const state = this.states[Math.min(this.asked++, this.states.length - 1)];
        return void response.end(JSON.stringify({ state }));
      }
      if (url.pathname === "/api/shopper/track") {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const event: unknown = JSON.parse(Buffer.concat(chunks).toString());
        this.told.push({ query: Object.fromEntries(url.searchParams), event });
        return void response.writeHead(202).end();
      }
      const preparing = url.searchParams.has("preparing") ? "data-wand-preparing" : "";
      response.setHeader("Content-Type", "text/html").end(PAGE.replace("PREPARING", preparing));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe("the browser script", () => {
  let browser: Browser | undefined;
  let shop: Shop;
  let address: string;

  beforeAll(async () => {
    if (CHROMIUM !== undefined) browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    shop = new Shop();
    address = await shop.listen();
  });
  afterEach(() => shop.close());

  const until = async (what: () => boolean): Promise<void> => {
    const end = Date.now() + 10_000;
    while (!what() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what()).toBe(true);
  };

  it("is smaller than 5 KB", () => {
    expect(Buffer.byteLength(SCRIPT)).toBeLessThan(5 * 1024);
  });

  inBrowser("tells which products and filters are used, for the shopper of the address", async () => {
    const page = await browser!.newPage();
    await page.goto(`${address}/s/magic-wands?shopper=alice&sig=abc&other=1`);
    await page.getByText("Robes").click();
    await page.getByText("Oak wand").click();
    await page.getByText("in oak").click(); // no link, so nothing was opened
    await until(() => shop.told.length >= 2);
    expect(shop.told).toEqual([
      {
        query: { store: "magic-wands", shopper: "alice", sig: "abc" },
        event: { type: "filter", facet: "category", value: "Robes" },
      },
      {
        query: { store: "magic-wands", shopper: "alice", sig: "abc" },
        event: { type: "product_view", product_id: "oak-wand" },
      },
    ]);
    await page.close();
  });

  inBrowser("tells once how long the page was looked at", async () => {
    const page = await browser!.newPage();
    await page.goto(`${address}/s/magic-wands`);
    await page.goto("about:blank");
    await until(() => shop.told.length === 1);
    expect(shop.told[0]).toEqual({
      query: { store: "magic-wands" },
      event: { type: "page_view", ms: expect.any(Number) as number },
    });
    await page.close();
  });

  inBrowser("offers the personal page when it is ready, and changes nothing else", async () => {
    const page = await browser!.newPage();
    await page.goto(`${address}/s/magic-wands?preparing&shopper=alice`);
    const offer = page.getByRole("status").getByText("Your store is ready");
    await offer.waitFor({ timeout: 15_000 });
    expect(shop.asked).toBe(3);
    expect(await offer.getAttribute("href")).toBe("/s/magic-wands?preparing&shopper=alice");
    await page.close();
  });

  inBrowser("asks nothing for a page that needs nothing", async () => {
    const page = await browser!.newPage();
    await page.goto(`${address}/s/magic-wands`, { waitUntil: "networkidle" });
    expect(shop.asked).toBe(0);
    await page.close();
  });

  inBrowser("gives up when the page failed", async () => {
    shop.states = ["failed"];
    const page = await browser!.newPage();
    await page.goto(`${address}/s/magic-wands?preparing`);
    await until(() => shop.asked === 1);
    await page.waitForTimeout(1_500);
    expect(shop.asked).toBe(1);
    expect(await page.getByRole("status").textContent()).toBe("");
    await page.close();
  });
});
