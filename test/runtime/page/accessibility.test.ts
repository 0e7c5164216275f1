import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { HAS_EXPORTS, ODD_SHOPS, SHOPS } from "./support/shops";
import { Bench, BROWSER, inBrowser } from "./support/withBrowser";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/**
 * Everything axe knows: WCAG 2.1 A and AA, the size of targets of 2.2, and its best practices. Colours are as good on a phone
 * as on a desktop, and measuring them takes most of the time; so the phone measures them where words lie over pictures.
 */
const run = (contrast: boolean): string => `axe.run({ resultTypes: ["violations"],
  rules: { "target-size": { enabled: true }, "color-contrast": { enabled: ${contrast} } } }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ": " + node.html.slice(0, 140))))`;

const exports = HAS_EXPORTS ? "" : "; four of them sell fixtures: no shared/data/catalogs here";
inBrowser(`six shops, judged by axe (${BROWSER}${exports})`, () => {
  const bench = new Bench();
  let desktop: Page;
  let phone: Page;

  beforeAll(async () => {
    await bench.start();
    desktop = await bench.page();
    phone = await bench.page({ viewport: { width: 390, height: 844 } });
  }, 60_000);
  afterAll(() => bench.stop());

  async function judge(page: Page, path: string, contrast: boolean): Promise<string[]> {
    await bench.open(page, path);
    await page.evaluate(AXE);
    const found = (await page.evaluate(run(contrast))) as string[];
    return found.map((violation) => `${path} ${page === phone ? "on a phone" : ""} ${violation}`);
  }

  it.each(Object.keys(SHOPS))(
    "%s has no violation for any shopper on any screen",
    async (slug) => {
      const found: string[][] = [];
      for (const type of PERSONA_TYPES) {
        const path = `/${slug}/${type}`;
        found.push(...(await Promise.all([judge(desktop, path, true), judge(phone, path, type === "explorer")])));
      }
      expect(found.flat()).toEqual([]);
    },
    60_000,
  );

  it.each(Object.keys(SHOPS))("%s has none while a filter is chosen", async (slug) => {
    expect(await judge(desktop, `/${slug}/dealhunter#only-p0`, true)).toEqual([]);
  });

  it.each(Object.keys(ODD_SHOPS))("a shop with too little or too much has none: %s", async (slug) => {
    expect(await judge(phone, `/${slug}/unknown`, true)).toEqual([]);
  });
});
