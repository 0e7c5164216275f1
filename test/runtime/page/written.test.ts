import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { readPage } from "../../../runtime/container/html/page";
import { PersonaTypeSchema } from "../../../runtime/contract/persona";
import { moneyIn } from "../../../runtime/page/money";
import { priceLabel } from "../../../runtime/page/product/facts";
import { en } from "../../../runtime/page/words/en";
import { attribute, below, elementsOf, named, textOf } from "./dom";
import { SHOPS } from "./support/shops";
import { Bench, BROWSER, inBrowser } from "./support/withBrowser";

/** Pages as models write them when asked for html: one for each persona, and a hasty one without any style. */
const WRITTEN = join(__dirname, "written");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const files = readdirSync(WRITTEN).toSorted();

function pageOf(file: string) {
  const [slug = "", type] = file.split(".");
  const shop = SHOPS[slug]!;
  const { products } = shop.catalogue;
  const persona = PersonaTypeSchema.parse(type);
  const document = readFileSync(join(WRITTEN, file), "utf8");
  const facts = { persona, shop, products, page: { source: "model" as const } };
  const answer = JSON.stringify({ html: document, components: [], persona_hash: "" });
  const limits = { persona, productIds: new Set(products.map(({ id }) => id)) };
  return { shop, products, document, html: readPage(answer, facts, limits).html };
}
const words = (text: string): string => text.replace(/\s+/g, " ").trim();

describe.each(files)("a page that a model wrote: %s", (file) => {
  const { shop, products, document, html } = pageOf(file);
  const elements = elementsOf(html);
  const made = below(elements.find((one) => attribute(one, "id") === "wand-made")!);

  it("shows each product it names with today's title and price, and the rest below", () => {
    const wanted = [...document.matchAll(/data-product-id="([^"]+)"/g)].map(([, id]) => id!);
    const shown = made.filter((one) => attribute(one, "data-product-id") !== undefined);
    expect(shown.map((one) => attribute(one, "data-product-id"))).toEqual(wanted);
    for (const one of shown) {
      const product = products.find(({ id }) => id === attribute(one, "data-product-id"))!;
      expect(words(textOf(one))).toContain(`${product.title} ${priceLabel(product, moneyIn(shop.locale), en.words)}`);
    }
    const others = elements.filter((one) => attribute(one, "class") === "item line");
    expect(others).toHaveLength(products.length - new Set(wanted).size);
  });

  it("says whose shop it is, and has one title", () => {
    const [header] = named(elements, "header").filter((one) => !made.includes(one));
    expect(words(textOf(header!))).toContain(shop.name);
    expect(named(elements, "h1")).toHaveLength(1);
  });
});

inBrowser(`pages that models wrote (${BROWSER})`, () => {
  const bench = new Bench();
  let page: Page;
  beforeAll(async () => {
    await bench.start();
    page = await bench.page();
  }, 60_000);
  afterAll(() => bench.stop());

  it.each(files)("fit every width, and axe finds nothing: %s", async (file) => {
    const { html } = pageOf(file);
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.setContent(html);
      expect([width, await page.evaluate("document.documentElement.scrollWidth - innerWidth")]).toEqual([width, 0]);
      if (width === 320) continue;
      await page.evaluate(AXE);
      const found = await page.evaluate(`axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ": " + node.html.slice(0, 140))))`);
      expect([width, found]).toEqual([width, []]);
    }
  });

  it("keep what a page says of its own words away from titles, prices and savings", async () => {
    const style = `<style>p,div p{color:#123456;margin:40px;font-size:40px}.few,.ask,.top,.foot,.grid,.list{outline:0}</style>`;
    const body = `<section class="aside"><p>Words</p><ul><li data-product-id="oak-duelling-wand"></li></ul></section>`;
    const names = ["few", "ask", "top", "foot", "grid", "list", "item", "card"];
    const boxes = names.map((name) => `<section class="${name}"><div>a</div><div>b</div></section>`).join("");
    const shop = SHOPS["magic-wands"]!;
    const { products } = shop.catalogue;
    const facts = { persona: "unknown" as const, shop, products, page: { source: "model" as const } };
    const html = `<!doctype html><html><head>${style}</head><body><h1>A</h1>${body}${boxes}</body></html>`;
    const made = readPage(JSON.stringify({ html }), facts, { persona: "unknown", productIds: new Set() });
    await page.setContent(made.html);
    const look = (selector: string, property: string): Promise<string> =>
      page.evaluate(`getComputedStyle(document.querySelector("#wand-made ${selector}")).${property}`);
    expect(await look(".aside p", "color")).toBe("rgb(18, 52, 86)");
    for (const part of [".wand-title", ".price"]) {
      expect([part, await look(part, "color"), await look(part, "marginTop")]).toEqual([
        part,
        await page.evaluate("getComputedStyle(document.body).color"),
        "0px",
      ]);
    }
    expect(await look(".badge", "color")).not.toBe("rgb(18, 52, 86)");
    for (const name of names) expect([name, await look(`.${name}`, "display")]).toEqual([name, "block"]);
  });
});
