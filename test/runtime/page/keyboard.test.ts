import type { Page } from "playwright-core";
import { SHOPS } from "./support/shops";
import { Bench, BROWSER, inBrowser } from "./support/withBrowser";

/** Of the element that has the focus: where it is in the document, and what is wrong with how it is shown. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  if (focused === document.body || focused === null) return null;
  const ring = focused.closest("h3") === null ? focused : focused.closest(".item");
  const { top, bottom, left, right, width, height } = focused.getBoundingClientRect();
  const seen = { x: (Math.max(0, left) + Math.min(innerWidth, right)) / 2, y: (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2 };
  const onTop = document.elementFromPoint(seen.x, seen.y);
  const wrong = [
    ...(getComputedStyle(ring).outlineStyle === "none" || parseFloat(getComputedStyle(ring).outlineWidth) < 2 ? ["no ring"] : []),
    ...(bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth ? ["out of sight"] : []),
    ...(onTop !== null && (focused.contains(onTop) || onTop.contains(focused) || ring.contains(onTop)) ? [] : ["covered"]),
    ...(Math.max(width, ring.clientWidth) < 24 || Math.max(height, ring.clientHeight) < 20 ? ["too small"] : []),
  ];
  return { place: focusable().indexOf(focused), wrong: wrong.map((what) => what + ": " + focused.outerHTML.slice(0, 120)) };
})()`;
const FOCUSABLE = `window.focusable = () => [...document.querySelectorAll("a[href],button,summary,select,input:not([type=hidden])")]
  .filter((one) => one.checkVisibility())`;

inBrowser(`a page without a mouse or a script (${BROWSER})`, () => {
  const bench = new Bench();
  beforeAll(() => bench.start(), 60_000);
  afterEach(() => bench.closePages());
  afterAll(() => bench.stop());

  const press = async (page: Page, key: string): Promise<{ place: number; wrong: string[] } | null> => {
    await page.keyboard.press(key);
    return (await page.evaluate(FOCUSED)) as { place: number; wrong: string[] } | null;
  };

  it.each([
    ["magic-wands", "explorer", 1280],
    ["layl", "unknown", 1280],
    ["neon", "dealhunter", 390],
    ["moss-and-kettle", "loyalist", 390],
  ])(
    "is walked through by Tab, everything in order and in sight: %s for %s at %i px",
    async (slug, type, width) => {
      const page = await bench.page({ viewport: { width, height: 800 }, reducedMotion: "reduce" });
      await bench.open(page, `/${slug}/${type}`);
      await page.evaluate(FOCUSABLE);
      const all = (await page.evaluate("focusable().length")) as number;
      const walked = [];
      for (let n = 0; n < all; n++) walked.push(await press(page, "Tab"));
      expect(walked.flatMap((step) => step?.wrong ?? ["nothing has the focus"])).toEqual([]);
      expect(walked.map((step) => step?.place)).toEqual(walked.map((_, n) => n));
      expect(await press(page, "Tab")).toBeNull(); // and out of the page: nothing holds the reader
    },
    60_000,
  );

  it("can be skipped to its products", async () => {
    const page = await bench.page();
    await bench.open(page, "/moss-and-kettle/unknown");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Skip to the products");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#main$/);
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
  });

  it("is filtered by Enter, goes on at what is shown, and is shown whole again", async () => {
    const page = await bench.page();
    await bench.open(page, "/magic-wands/explorer");
    const shown = (): Promise<number> => page.locator(".item:visible").count();
    const all = await shown();
    await page.getByRole("link", { name: /^Potions/ }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".lens:visible").waitFor();
    const potions = SHOPS["magic-wands"]!.catalogue.products.filter(({ category }) => category === "Potions").length;
    expect([await shown(), potions < all]).toEqual([potions, true]);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Show everything");
    await page.keyboard.press("Enter");
    await page.locator(".lens:visible").waitFor({ state: "detached" });
    expect(await shown()).toBe(all);
  });

  it.each(Object.keys(SHOPS))(
    "works without JavaScript: filters, anchors and every way to a product: %s",
    async (slug) => {
      const page = await bench.page({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
      const shop = SHOPS[slug]!;
      await bench.open(page, `/${slug}/collector`);
      for (const { url } of shop.catalogue.products) {
        const address = new URL(url).href;
        expect(
          await page.locator(`main a[href="${address}"], main form[action^="${new URL(url).origin}"]`).count(),
        ).toBeGreaterThan(0);
      }
      await page.locator(".chip").first().click();
      await page.locator(".lens:visible").waitFor();
      expect(await page.locator(".lens:visible").count()).toBe(1);
      await page.locator(".lens:visible a").click();
      await page.locator(".lens:visible").waitFor({ state: "detached" });
      for (const link of await page.locator('a[href^="#"]').all()) {
        const target = (await link.getAttribute("href")) as string;
        expect([target, await page.locator(`[id="${target.slice(1)}"]`).count()]).toEqual([target, 1]);
      }
    },
  );
});
