import { createServer, type Server } from "node:http";
import path from "node:path";
import { buildSync } from "esbuild";
import { chromium, type Browser, type WebSocketRoute } from "playwright-core";
import { close, listen } from "../../support/loopback";
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
<ul><li data-product-id="oak-wand"><a href="#oak">Oak wand</a> <b>in oak</b>
<form action="/elsewhere" data-wand-event="add_to_cart"><button>Buy the oak wand</button></form>
<button data-wand-event="wishlist">Wish for it</button></li></ul>
<form action="/elsewhere" data-wand-event="search"><input name="q" aria-label="Search"></form>
<select data-wand-event="sort" aria-label="Sort"><option>featured</option><option>price-asc</option></select>
<button data-wand-event="teleport">Teleport</button>
<div id="wand-notice" role="status"></div></body></html>`;

const SHOWN_AT = "2026-11-21T08:00:00.000Z";
const READY = {
  type: "ui_ready",
  data: { persona_hash: "v2_explorer_55_0000000a", generated_at: "2026-11-21T08:30:00.000Z" },
};

interface Told {
  query: Record<string, string>;
  events: unknown[];
}

/** A shop's edge as the script sees it: its own address, tracking, and a status that becomes ready. */
class Shop {
  readonly told: Told[] = [];
  states = ["queued", "running", "ready"];
  generatedAt: string | null = null;
  asked = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://shop");
      if (url.pathname === "/wand.js") return void response.setHeader("Content-Type", "text/javascript").end(SCRIPT);
      if (url.pathname === "/api/generation/status") {
        const state = this.states[Math.min(this.asked++, this.states.length - 1)];
        return void response.end(
          JSON.stringify({ state, generated_at: this.generatedAt, persona_hash: "v2_a_0_00000001" }),
        );
      }
      if (url.pathname === "/api/shopper/track") {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { events } = JSON.parse(Buffer.concat(chunks).toString()) as { events: unknown[] };
        this.told.push({ query: Object.fromEntries(url.searchParams), events });
        return void response.writeHead(202).end();
      }
      if (url.pathname === "/elsewhere") return void response.writeHead(204).end();
      const shownAt = url.searchParams.get("preparing");
      const preparing = shownAt === null ? "" : `data-wand-preparing="${shownAt}"`;
      response.setHeader("Content-Type", "text/html").end(PAGE.replace("PREPARING", preparing));
    });
  }

  listen(): Promise<string> {
    return listen(this.#server);
  }

  close(): Promise<void> {
    return close(this.#server);
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
    const end = Date.now() + 30_000;
    while (!what() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what()).toBe(true);
  };

  it("is smaller than 5 KB", () => {
    expect(Buffer.byteLength(SCRIPT)).toBeLessThan(5 * 1024);
  });

  /** A page whose WebSockets are ours to answer. `greet` is called with each that is opened. */
  const withSockets = async (greet: (socket: WebSocketRoute, index: number) => void) => {
    const page = await browser!.newPage();
    const opened: URL[] = [];
    const said: unknown[] = [];
    await page.routeWebSocket(/\/ws\?/, (socket) => {
      opened.push(new URL(socket.url()));
      socket.onMessage((message) => said.push(JSON.parse(String(message))));
      greet(socket, opened.length - 1);
    });
    return { page, opened, said, offer: page.getByRole("status").getByText("Your store is ready") };
  };
  const allTold = (): unknown[] => shop.told.flatMap(({ events }) => events);

  describe("tells the shop", () => {
    inBrowser("which products and filters are used, together, for the shopper of the address", async () => {
      const page = await browser!.newPage();
      await page.goto(`${address}/s/magic-wands?shopper=alice&sig=abc&other=1`);
      await page.getByText("Robes").click();
      await page.getByText("Oak wand", { exact: true }).click();
      await page.getByText("in oak").click(); // no link, so nothing was opened
      await until(() => shop.told.length >= 1);
      expect(shop.told).toEqual([
        {
          query: { store: "magic-wands", shopper: "alice", sig: "abc" },
          events: [
            { type: "filter", facet: "category", value: "Robes" },
            { type: "product_view", product_id: "oak-wand" },
          ],
        },
      ]);
      await page.close();
    });

    inBrowser(
      "what goes into the cart and onto the wish list, what is searched and sorted, by the page's marks",
      async () => {
        const page = await browser!.newPage();
        await page.goto(`${address}/s/magic-wands`);
        await page.getByText("Buy the oak wand").click();
        await page.getByText("Wish for it").click();
        await page.getByLabel("Search").fill("  holly  ");
        await page.getByLabel("Search").press("Enter");
        await page.getByLabel("Sort").selectOption("price-asc");
        await page.getByText("Teleport").click(); // no word of the vocabulary
        await until(() => allTold().length >= 4);
        expect(allTold()).toEqual([
          { type: "add_to_cart", product_id: "oak-wand" },
          { type: "wishlist", product_id: "oak-wand" },
          { type: "search", query: "holly" },
          { type: "sort", by: "price-asc" },
        ]);
        await page.close();
      },
    );

    inBrowser("all that was not told yet, and once how long the page was looked at, when it is left", async () => {
      const page = await browser!.newPage();
      await page.goto(`${address}/s/magic-wands`);
      await page.getByText("Robes").click();
      await page.goto("about:blank");
      await until(() => shop.told.length === 1);
      expect(shop.told[0]).toEqual({
        query: { store: "magic-wands" },
        events: [
          { type: "filter", facet: "category", value: "Robes" },
          { type: "page_view", ms: expect.any(Number) as number },
        ],
      });
      await page.close();
    });

    inBrowser("at most fifty events in a request, and none twice", async () => {
      const page = await browser!.newPage();
      await page.goto(`${address}/s/magic-wands`);
      const click = `for (let i = 0; i < 120; i++) document.querySelector("[data-facet]").click()`;
      await page.evaluate(click);
      await page.goto("about:blank");
      await until(() => allTold().length >= 121);
      expect(shop.told.map(({ events }) => events.length).toSorted((a, b) => a - b)).toEqual([21, 50, 50]);
      await page.close();
    });
  });

  describe("waits for the personal page by a WebSocket", () => {
    inBrowser("and offers it when it is told, without asking, and changes nothing else", async () => {
      const { page, opened, offer } = await withSockets((socket) => {
        socket.send(
          JSON.stringify({ type: "generation_progress", data: { status: "generating", progress_percent: 10 } }),
        );
        socket.send(JSON.stringify(READY));
      });
      await page.goto(`${address}/s/magic-wands?preparing&shopper=alice&sig=abc`);
      await offer.waitFor();
      expect(await offer.getAttribute("href")).toBe("/s/magic-wands?preparing&shopper=alice&sig=abc");
      expect(await page.evaluate("document.cookie")).not.toContain("wand_told");
      await page.evaluate(
        "document.querySelector('#wand-notice a').addEventListener('click', (e) => e.preventDefault())",
      );
      await offer.click();
      expect(await page.evaluate("document.cookie")).toContain(`wand_told=${Date.parse(READY.data.generated_at)}`);
      expect(opened.map((url) => `${url.protocol}//${url.host}${url.pathname}${url.search}`)).toEqual([
        `${address.replace("http", "ws")}/ws?store=magic-wands&shopper=alice&sig=abc`,
      ]);
      expect(shop.asked).toBe(0);
      await page.close();
    });

    inBrowser("acknowledges the page that is on the screen, and offers only a newer one", async () => {
      let tell = (_event: unknown): void => undefined;
      const { page, said, offer } = await withSockets((socket) => {
        tell = (event) => socket.send(JSON.stringify(event));
        tell({ ...READY, data: { ...READY.data, generated_at: SHOWN_AT }, seq: 1 });
      });
      await page.goto(`${address}/s/magic-wands?preparing=${SHOWN_AT}`);
      await until(() => said.length === 1);
      expect(said).toEqual([{ type: "ui_acknowledged", data: { persona_hash: READY.data.persona_hash } }]);
      expect(await offer.count()).toBe(0);
      tell({ ...READY, seq: 2 });
      await offer.waitFor();
      await page.close();
    });

    inBrowser("comes back after a break and says what it heard last", async () => {
      const { page, opened, offer } = await withSockets((socket, index) => {
        if (index === 0) {
          const data = { status: "generating", progress_percent: 10 };
          socket.send(JSON.stringify({ type: "generation_progress", data, seq: 41 }));
          void socket.close({ code: 1012 });
        } else socket.send(JSON.stringify({ ...READY, seq: 42 }));
      });
      await page.goto(`${address}/s/magic-wands?preparing`);
      await offer.waitFor();
      expect(opened.map((url) => url.searchParams.get("since"))).toEqual([null, "41"]);
      await page.close();
    });

    inBrowser("does not come back after an erasure", async () => {
      shop.states = ["none"];
      const { page, opened } = await withSockets((socket) => void socket.close({ code: 4001, reason: "erased" }));
      await page.goto(`${address}/s/magic-wands?preparing`);
      await until(() => shop.asked >= 2);
      expect(opened).toHaveLength(1);
      await page.close();
    });

    inBrowser("gives up when it is told of a failure", async () => {
      const error = {
        type: "error",
        data: { code: "GENERATION_FAILED", message: "Unable to generate UI at this time" },
      };
      let gone = false;
      const { page } = await withSockets((socket) => {
        socket.onClose(() => (gone = true));
        socket.send(JSON.stringify(error));
      });
      await page.goto(`${address}/s/magic-wands?preparing`);
      await until(() => gone);
      expect(await page.getByRole("status").textContent()).toBe("");
      expect(shop.asked).toBe(0);
      await page.close();
    });

    inBrowser("acknowledges the page that was offered when it is shown, once", async () => {
      const { page, opened, said, offer } = await withSockets((socket, index) => {
        if (index === 0) socket.send(JSON.stringify(READY));
      });
      await page.goto(`${address}/s/magic-wands?preparing`);
      await offer.waitFor();
      await page.goto(`${address}/s/magic-wands`); // as it is now
      await until(() => said.length === 1);
      expect(said).toEqual([{ type: "ui_acknowledged", data: { persona_hash: READY.data.persona_hash } }]);
      await page.reload({ waitUntil: "networkidle" });
      expect(opened).toHaveLength(2);
      await page.close();
    });
  });

  describe("without a WebSocket", () => {
    inBrowser("asks until the page is ready, and offers it", async () => {
      const page = await browser!.newPage();
      await page.goto(`${address}/s/magic-wands?preparing&shopper=alice`);
      const offer = page.getByRole("status").getByText("Your store is ready");
      await offer.waitFor({ timeout: 30_000 });
      expect(shop.asked).toBe(3);
      expect(await offer.getAttribute("href")).toBe("/s/magic-wands?preparing&shopper=alice");
      await page.close();
    });

    inBrowser("does not offer the page that is on the screen", async () => {
      shop.states = ["ready"];
      shop.generatedAt = SHOWN_AT;
      const page = await browser!.newPage();
      await page.goto(`${address}/s/magic-wands?preparing=${SHOWN_AT}`);
      await until(() => shop.asked >= 2);
      expect(await page.getByRole("status").textContent()).toBe("");
      shop.generatedAt = READY.data.generated_at;
      await page.getByText("Your store is ready").waitFor();
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

  inBrowser("asks nothing for a page that needs nothing", async () => {
    const { page, opened } = await withSockets(() => undefined);
    await page.goto(`${address}/s/magic-wands`, { waitUntil: "networkidle" });
    expect(shop.asked).toBe(0);
    expect(opened).toEqual([]);
    await page.close();
  });
});
