import { chromium, type Browser, type BrowserContext } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS, itIf } from "../support/skip";
import { Project, type RunningShop } from "./support/project";

jest.setTimeout(180_000);
const inBrowser = itIf(CHROMIUM !== undefined, "no Chromium was found; set CHROMIUM_PATH to one");

describe("a shopper with a browser", () => {
  const project = new Project();
  let shop: RunningShop | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (CHROMIUM === undefined) return;
    shop = await project.start();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await project.remove();
  });

  /** A page that collects everything the browser complains of. */
  const open = async (address: string, options: Parameters<Browser["newContext"]>[0] = {}) => {
    const context: BrowserContext = await browser!.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    const response = await page.goto(shop!.edgeUrl + address);
    return { page, context, complaints, response: response! };
  };

  inBrowser("sees a page at once, is told when the personal one is ready, and opens it", async () => {
    const { page, complaints, response, context } = await open("/s/magic-wands?shopper=chrome");
    expect(response.headers()["x-wand-source"]).toBe("fallback");
    const offer = page.getByText(/your store is ready/i);
    await offer.waitFor({ timeout: 60_000 });
    const before = await page.content();
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.url().includes("/s/magic-wands")),
      offer.click(),
    ]);
    expect(["kv", "memory"]).toContain(answer.headers()["x-wand-source"]);
    await page.waitForLoadState();
    expect(await page.content()).not.toBe(before);
    expect(complaints).toEqual([]);
    await context.close();
  });

  inBrowser("is remembered by a cookie that scripts cannot read", async () => {
    const { context, page } = await open("/s/magic-wands");
    const cookies = await context.cookies();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    expect(await page.evaluate(() => (globalThis as unknown as { document: { cookie: string } }).document.cookie)).toBe(
      "",
    );
    await context.close();
  });

  inBrowser("reads the whole shop without JavaScript and without sideways scrolling on a phone", async () => {
    const { page, context } = await open("/s/magic-wands?shopper=phone", {
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
    });
    expect(await page.locator("main a[href*='/products/']").count()).toBeGreaterThanOrEqual(24);
    await context.close();
    const scripted = await open("/s/magic-wands?shopper=phone", { viewport: { width: 390, height: 844 } });
    const width = await scripted.page.evaluate(
      () =>
        (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } }).document.documentElement
          .scrollWidth,
    );
    expect(width).toBeLessThanOrEqual(390);
    await scripted.context.close();
  });
});
