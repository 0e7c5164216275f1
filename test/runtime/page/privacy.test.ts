import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { render, templateLayout, type PageInput } from "../../../runtime/page";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../support/skip";
import { elementsOf, named } from "./dom";
import { BRANDS, home, persona, shop } from "./fixtures";

type State = NonNullable<PageInput["page"]["privacy"]>;

function pageOf(privacy: State | undefined, name: keyof typeof BRANDS = "natural") {
  const brand = BRANDS[name];
  const layout = templateLayout({ persona: persona("explorer", ["Plants"]), products: home, brand, shopName: "Home" });
  const page = privacy === undefined ? {} : { privacy };
  return render({ layout, shop: shop("Home", brand), products: home, page });
}

describe("a page", () => {
  it.each([
    ["on", ["Switch personalisation off"]],
    ["off", ["Switch personalisation on"]],
    ["ask", ["Personalise my store", "No thanks"]],
    [undefined, []],
  ] as const)("whose personalisation is %s has these buttons: %j", (privacy, words) => {
    const { html } = pageOf(privacy);
    expect([...html.matchAll(/<button name="consent"[^>]*>([^<]*)</g)].map(([, text]) => text!.trim())).toEqual(words);
    expect(named(elementsOf(html), "form")).toHaveLength(words.length);
  });

  it("has one style sheet, however its personalisation stands", () => {
    expect(new Set((["on", "off", "ask", undefined] as const).map((state) => pageOf(state).cspHash)).size).toBe(1);
  });
});

const inBrowser = CHROMIUM === undefined ? describe.skip : describe;

inBrowser(`its forms in a browser (${CHROMIUM ?? "skipped: no Chromium was found; set CHROMIUM_PATH to one"})`, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let sent: string[];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      if (request.method === "POST") {
        sent.push(`${request.url ?? ""} ${body}`);
        return void response.writeHead(303, { Location: "/off/natural" }).end();
      }
      const [, state, brand] = (request.url ?? "").split("/");
      if (!(brand !== undefined && brand in BRANDS)) return void response.writeHead(404).end();
      const { html, cspHash } = pageOf(state as State, brand as keyof typeof BRANDS);
      const policy = `default-src 'none'; style-src '${cspHash}'; form-action 'self' https://shop.example`;
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
      response.end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  }, 60_000);
  beforeEach(async () => {
    sent = [];
    const context = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 390, height: 844 } });
    page = await context.newPage();
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = (path: string) =>
    page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { timeout: 60_000 });

  /** What the accessibility checker finds in a part of the page. */
  async function violations(part: string): Promise<unknown> {
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    return page.evaluate(`axe.run("${part}").then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html.slice(0, 120))))`);
  }

  it.each(Object.keys(BRANDS))("have no accessibility violation and cover nothing in the brand %s", async (brand) => {
    for (const [state, part] of [
      ["ask", ".ask"],
      ["on", ".privacy"],
    ]) {
      await open(`/${state ?? ""}/${brand}`);
      expect(await violations(part ?? "")).toEqual([]);
      expect(await page.evaluate(`getComputedStyle(document.querySelector("${part ?? ""}")).position`)).toBe("static");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    }
  });

  it("leave the whole page without an accessibility violation", async () => {
    await open("/ask/natural");
    expect(await violations("html")).toEqual([]);
  });

  it("give both answers the same weight", async () => {
    await open("/ask/natural");
    const looks = await page.evaluate(`[...document.querySelectorAll(".ask button")].map((button) => {
      const { color, backgroundColor, fontSize, fontWeight, height, borderColor } = getComputedStyle(button);
      return { color, backgroundColor, fontSize, fontWeight, height, borderColor };
    })`);
    expect((looks as unknown[])[0]).toEqual((looks as unknown[])[1]);
  });

  it("are sent by keyboard alone and without JavaScript, under the page's policy", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    for (const [presses, consent] of [
      [3, "true"],
      [4, "false"],
    ] as const) {
      await open("/ask/natural");
      for (let press = 0; press < presses; press++) await page.keyboard.press("Tab"); // past the skip link and the shop's name
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/off\/natural$/);
      expect(sent.at(-1)).toBe(`/api/shopper/consent store=a-shop&consent=${consent}`);
    }
  });

  it("move nothing while the page loads", async () => {
    await open("/ask/natural");
    const moved = await page.evaluate(`new Promise((resolve) => new PerformanceObserver((list) =>
      resolve(list.getEntries().length)).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 300))`);
    expect(moved).toBe(0);
  });
});
