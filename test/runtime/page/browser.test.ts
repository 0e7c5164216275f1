import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { PERSONA_TYPES, type PersonaType } from "../../../runtime/contract/persona";
import { render, templateLayout } from "../../../runtime/page";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../support/skip";
import { BRANDS, home, persona, shop, wands } from "./fixtures";

const inBrowser = CHROMIUM === undefined ? describe.skip : describe;

/** `/{persona}/{brand}`, under the policy that pages are served with. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const [, type, name] = (request.url ?? "").split("/");
    const brand = BRANDS[name as keyof typeof BRANDS];
    if (brand === undefined) return void response.writeHead(404).end();
    const products = name === "mystic" ? wands : home;
    const who = persona(type as PersonaType, ["Wands", "Plants"]);
    const layout = templateLayout({ persona: who, products, brand, shopName: "Magic Wands" });
    const { html, cspHash } = render({ layout, shop: shop("Magic Wands", brand), products, page: { preparing: true } });
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; script-src 'self'; style-src '${cspHash}'`,
    });
    response.end(html);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

inBrowser(`pages in a browser (${CHROMIUM ?? "skipped: no Chromium was found; set CHROMIUM_PATH to one"})`, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = await serve();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  }, 60_000);
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => complaints.push(message.text()));
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = (path: string) =>
    page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { timeout: 20_000 });

  async function violations(): Promise<string[]> {
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    return page.evaluate(`axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html.slice(0, 120)).join(" | ")))`);
  }

  it.each(PERSONA_TYPES)(
    "have no accessibility violation and keep their policy: %s",
    async (type) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await open(`/${type}/mystic`);
        // The checker adds styles of its own, which the policy refuses; so the page's own record is read before it runs.
        expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
        expect(await violations()).toEqual([]);
        complaints = [];
      }
    },
    60_000,
  );

  it.each(Object.keys(BRANDS))(
    "have no accessibility violation in the brand %s",
    async (brand) => {
      for (const type of ["unknown", "dealhunter"]) {
        await open(`/${type}/${brand}`);
        expect(await violations()).toEqual([]);
      }
    },
    60_000,
  );

  it("never need to be scrolled sideways", async () => {
    for (const type of PERSONA_TYPES) {
      await open(`/${type}/mystic`);
      for (const width of [320, 390, 768, 1024, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect([type, width, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([
          type,
          width,
          width,
        ]);
      }
    }
  }, 60_000);

  it("are filtered by a link alone, without a script, and shown whole again", async () => {
    await open("/explorer/mystic");
    const shown = () => page.locator(".item:visible").count();
    const all = await shown();
    await page.getByRole("link", { name: "Potions 5" }).click();
    await page.locator(".lens:visible").waitFor();
    expect(await shown()).toBe(5);
    expect(await page.locator(".lens:visible").textContent()).toContain("Showing 5 of 24");
    await page.getByRole("link", { name: "Show everything" }).click();
    await page.locator(".lens").first().waitFor({ state: "hidden" });
    await page.waitForURL(/#s-filters$/);
    expect(await shown()).toBe(all);
  });

  it("can be skipped through by keyboard, with the focus in sight", async () => {
    await open("/unknown/natural");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Skip to the products");
    expect(await page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForURL(/#main$/);
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });

  it("do not move while they load", async () => {
    await open("/collector/mystic");
    const moved = await page.evaluate(`new Promise((resolve) => new PerformanceObserver((list) =>
      resolve(list.getEntries().length)).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 300))`);
    expect(moved).toBe(0);
  });
});
