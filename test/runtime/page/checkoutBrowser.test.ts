import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import type { PersonaType } from "../../../runtime/contract/persona";
import type { Checkout } from "../../../runtime/contract/store";
import { render, templateLayout } from "../../../runtime/page";
import { formTargets } from "../../../runtime/worker/checkout/origins";
import { BRANDS, persona } from "./fixtures";
import { numbered, selling } from "./support/sellable";
import { BROWSER, Bench, inBrowser } from "./support/withBrowser";

jest.setTimeout(90_000);

/** Our side and the shop, each an origin of its own: pages with their policy, `/api/cart` with its redirect, the shop's cart. */
class Sides {
  readonly #ours = createServer(
    (request, response) =>
      void this.#answer(request).then(([status, headers, body]) => response.writeHead(status, headers).end(body)),
  );
  readonly #shop = createServer(
    (_request, response) => void response.setHeader("Content-Type", "text/html").end("<title>The shop</title>"),
  );
  readonly sent: string[] = [];

  async start(): Promise<void> {
    for (const server of [this.#ours, this.#shop])
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  }
  async stop(): Promise<void> {
    for (const server of [this.#ours, this.#shop]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
  get shop(): string {
    return `http://localhost:${portOf(this.#shop)}`;
  }
  page(kind: Checkout["kind"], type: PersonaType, brand = "mystic"): string {
    return `http://127.0.0.1:${portOf(this.#ours)}/${kind}/${type}/${brand}`;
  }

  async #answer(request: IncomingMessage): Promise<[number, Record<string, string>, string]> {
    const [, kind = "", type = "", name = ""] = (request.url ?? "").split("/");
    if (request.url === "/api/cart") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.sent.push(Buffer.concat(chunks).toString("utf8"));
      return [303, { Location: `${this.shop}/cart/made` }, ""];
    }
    if (!(name in BRANDS)) return [204, {}, ""];
    const brand = BRANDS[name as keyof typeof BRANDS];
    const shop = { ...selling(kind as Checkout["kind"], brand), shop_url: this.shop };
    const who = persona(type as PersonaType, ["Wands"]);
    const products = numbered.map((product) => ({ ...product, url: `${this.shop}/products/${product.id}` }));
    const layout = templateLayout({ persona: who, products, brand, shopName: shop.name });
    const { html, cspHash } = render({ layout, shop, products, page: {} });
    const record = { shop_url: this.shop, checkout: { kind: kind as "permalink" } };
    const policy = `default-src 'none'; style-src '${cspHash}'; form-action ${formTargets(record).join(" ")}`;
    return [200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy }, html];
  }
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Unfolds every choice. */
const OPEN_ALL = `document.querySelectorAll("details.buy").forEach((one) => (one.open = true))`;

inBrowser(`buying in a browser (${BROWSER})`, () => {
  const bench = new Bench();
  const sides = new Sides();
  beforeAll(() => Promise.all([bench.start(), sides.start()]));
  afterAll(() => Promise.all([bench.stop(), sides.stop()]));
  afterEach(() => bench.closePages());
  beforeEach(() => sides.sent.splice(0));

  const list = (page: Page) => page.locator(".list .item .buy");

  it("leads into the shop's cart without a script, and keeps the policy", async () => {
    const page = await bench.page({ javaScriptEnabled: false });
    await page.goto(sides.page("permalink", "explorer"));
    const button = page.locator("form.buy[method=get] button").first();
    const action = await page.locator("form.buy[method=get]").first().getAttribute("action");
    await button.click();
    await page.waitForURL(`${action}?storefront=true`);
    expect(action).toMatch(/\/cart\/\d+:1$/);
    expect(await page.title()).toBe("The shop");
  });

  it("asks us for the variant that was chosen, and follows to the shop", async () => {
    const page = await bench.page({ javaScriptEnabled: false });
    await page.goto(sides.page("cart", "collector"));
    const fold = list(page)
      .filter({ has: page.locator("select") })
      .first();
    expect(await fold.locator("select").isVisible()).toBe(false);
    await fold.locator("summary").click();
    const value = await fold.locator("option").nth(1).getAttribute("value");
    await fold.getByRole("combobox").selectOption(value);
    await fold.getByRole("button", { name: /^Add to cart – / }).click();
    await page.waitForURL(`${sides.shop}/cart/made`);
    expect(sides.sent).toEqual([`store=a-shop&variant=${value}`]);
  });

  it("can be done by keyboard alone", async () => {
    const page = await bench.page();
    await page.goto(sides.page("cart", "unknown"));
    const fold = list(page)
      .filter({ has: page.locator("select") })
      .first();
    await fold.locator("summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toMatch(/^Add to cart – /);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${sides.shop}/cart/made`);
    expect(sides.sent).toHaveLength(1);
  });

  it.each(["minimalist", "explorer", "collector"] as const)(
    "has targets of 24 pixels, moves nothing and stays within the page: %s",
    async (type) => {
      for (const width of [1280, 360]) {
        const page = await bench.page({ viewport: { width, height: 900 } });
        await page.goto(sides.page("cart", type));
        expect(await page.evaluate("[refused, shifts]")).toEqual([[], []]);
        await page.evaluate(OPEN_ALL);
        const small = await page.evaluate(`[...document.querySelectorAll(".buy :is(button, summary, select, a)")]
        .map((one) => [one.textContent, one.getBoundingClientRect()]).filter(([, { width, height }]) => width < 24 || height < 24)
        .map(([text, { width, height }]) => text + " " + width + " x " + height)`);
        expect(small).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      }
    },
  );

  it.each(["product", "cart"] as const)(
    "breaks no rule of accessibility, with every choice open (%s)",
    async (kind) => {
      for (const [type, brand] of [
        ["dealhunter", "bold"],
        ["explorer", "mystic"],
      ] as const) {
        const page = await bench.page();
        await page.goto(sides.page(kind, type, brand));
        await page.evaluate(OPEN_ALL);
        await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
        const violations = await page.evaluate(`axe.run().then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html.slice(0, 120)).join(" | ")))`);
        expect(violations).toEqual([]);
      }
    },
  );
});
