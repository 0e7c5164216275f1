import type { Page } from "playwright-core";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { ODD_SHOPS, SHOPS } from "./support/shops";
import { Bench, BROWSER, inBrowser } from "./support/withBrowser";

const SLUGS = Object.keys(SHOPS);
/** 320 is what a window of 1280 is at a zoom of 400 % (WCAG 1.4.10). */
const WIDTHS = [320, 390, 700, 1280];
/** WCAG 1.4.12. A constructed sheet, which no policy for elements refuses. */
const SPACED = `{ const sheet = new CSSStyleSheet();
  sheet.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}");
  document.adoptedStyleSheets = [sheet]; }`;
/** Boxes that hide what runs over, and do: their words would be cut off. */
const CUT_OFF = `[...document.querySelectorAll(".card,.tile,.words,.chip,.button,.badge,.cta,.line")]
  .filter((box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2)
  .map((box) => box.outerHTML.slice(0, 160))`;
const SIDEWAYS = `document.documentElement.scrollWidth - innerWidth`;
/** Lists that leave one thing alone in their last row, but for one that fills it. */
const ALONE = `[...document.querySelectorAll(".grid:not(.of-row,.airy)")].filter((list) => {
  const boxes = [...list.children].map((item) => item.getBoundingClientRect());
  const last = boxes.at(-1);
  const row = boxes.filter(({ bottom }) => Math.abs(bottom - last.bottom) < 2);
  return boxes.length > 4 && row.length === 1 && last.width < list.clientWidth * 0.9;
}).map((list) => list.className)`;

inBrowser(`the layout of pages (${BROWSER})`, () => {
  const bench = new Bench();
  let page: Page;
  beforeAll(() => bench.start(), 60_000);
  beforeEach(async () => {
    page = await bench.page();
  });
  afterEach(() => bench.closePages());
  afterAll(() => bench.stop());

  it.each([
    ...SLUGS.map((slug) => [slug, PERSONA_TYPES] as const),
    ...Object.keys(ODD_SHOPS).map((slug) => [slug, ["explorer", "unknown"]] as const),
  ])(
    "fits every width and spacing, fills its rows, and does what its policy allows: %s",
    async (slug, types) => {
      for (const type of types) {
        await bench.open(page, `/${slug}/${type}`);
        const wrong: unknown[] = [];
        for (const spaced of [false, true]) {
          if (spaced) await page.evaluate(SPACED);
          for (const width of spaced ? [320] : WIDTHS) {
            await page.setViewportSize({ width, height: width === 320 ? 256 : 900 });
            const seen = (await page.evaluate(`[${SIDEWAYS}, ${CUT_OFF}, ${ALONE}]`)) as [number, string[], string[]];
            const [sideways, cutOff, alone] = seen;
            if (sideways > 0 || cutOff.length + alone.length > 0)
              wrong.push({ width, spaced, sideways, cutOff, alone });
          }
        }
        expect({ type, wrong }).toEqual({ type, wrong: [] });
        expect([await page.evaluate("refused"), bench.complaints]).toEqual([[], []]);
      }
    },
    60_000,
  );

  it.each(PERSONA_TYPES)(
    "does not move when pictures come late: %s",
    async (type) => {
      bench.server.holdPictures = true;
      bench.server.pictures.length = 0;
      await bench.open(page, `/neon/${type}`, "domcontentloaded");
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      expect(
        await page.evaluate("document.images.length && [...document.images].some(({ complete }) => complete)"),
      ).toBe(false);
      bench.server.release();
      await page.evaluate(`(async () => {
        for (const picture of document.images) { picture.scrollIntoView({ block: "center", behavior: "instant" }); await picture.decode(); }
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      })()`);
      expect(bench.server.pictures.length).toBeGreaterThan(2);
      expect(await page.evaluate("shifts")).toEqual([]);
    },
    60_000,
  );

  it("runs from right to left where the shop's language does", async () => {
    const begins = `[document.dir, document.querySelector(".chip").getBoundingClientRect().left > innerWidth / 2]`;
    await bench.open(page, "/layl/unknown");
    expect(await page.evaluate(begins)).toEqual(["rtl", true]);
    await bench.open(page, "/tokyo/unknown");
    expect(await page.evaluate(begins)).toEqual(["ltr", false]);
  });

  it("keeps still, keeps its edges and prints black on white where the reader's system asks", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await bench.open(page, "/magic-wands/unknown");
    const style = (selector: string, property: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector("${selector}"))["${property}"]`);
    expect([await style("html", "scrollBehavior"), await style(".button", "transitionProperty")]).toEqual([
      "auto",
      "none",
    ]);
    await page.emulateMedia({ forcedColors: "active" });
    expect([await style(".button", "borderTopWidth"), await style(".chip", "borderTopWidth")]).toEqual(["1px", "1px"]);
    await page.emulateMedia({ forcedColors: "none", media: "print" });
    expect([await style("body", "color"), await style("h3", "color"), await style(".filters", "display")]).toEqual([
      "rgb(0, 0, 0)",
      "rgb(0, 0, 0)",
      "none",
    ]);
  });

  it("is as light or dark as the shop, whatever the reader's system prefers", async () => {
    for (const [slug, scheme] of [
      ["magic-wands", "dark"],
      ["moss-and-kettle", "light"],
    ] as const) {
      const seen = new Set<unknown>();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await bench.open(page, `/${slug}/unknown`);
        seen.add(
          await page.evaluate(
            "getComputedStyle(document.documentElement).colorScheme + getComputedStyle(document.body).backgroundColor",
          ),
        );
      }
      expect([...seen]).toEqual([expect.stringContaining(scheme)]);
    }
  });
});
