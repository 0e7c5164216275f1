import { createHash } from "node:crypto";
import type { LayoutSpec } from "../../../runtime/contract/layout";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { render, templateLayout, type PageInput } from "../../../runtime/page";
import { attribute, dangersOf, elementsOf, named, textOf } from "./dom";
import { BRANDS, home, persona, product, shop, wands } from "./fixtures";

const LARGEST = 60 * 1024; // bytes of a page of 24 products, drawings and all

const pageInput = (given: Partial<PageInput> = {}, type: (typeof PERSONA_TYPES)[number] = "unknown"): PageInput => ({
  layout: templateLayout({
    persona: persona(type, ["Wands"]),
    products: wands,
    brand: BRANDS.mystic,
    shopName: "Magic Wands",
  }),
  shop: shop("Magic Wands", BRANDS.mystic),
  products: wands,
  page: { canonicalUrl: "https://wand.example/s/magic-wands", scriptUrl: "/assets/client.js" },
  ...given,
});
const elements = (given?: Partial<PageInput>, type?: (typeof PERSONA_TYPES)[number]) =>
  elementsOf(render(pageInput(given, type)).html);
const meta = (all: ReturnType<typeof elements>, key: string, name: string) =>
  attribute(named(all, "meta").find((one) => attribute(one, key) === name) as never, "content");

describe.each(PERSONA_TYPES)("the page for %s", (type) => {
  it("has one style element, whose hash is the one for the CSP", () => {
    const { html, css, cspHash } = render(pageInput({}, type));
    expect(named(elementsOf(html), "style").map(textOf)).toEqual([css]);
    expect(cspHash).toBe(`sha256-${createHash("sha256").update(css).digest("base64")}`);
    expect(dangersOf(elementsOf(html))).toEqual([]);
  });

  it("has every product with its title, link and price, none lost", () => {
    const all = elements({}, type);
    const links = named(all, "a").map((link) => `${attribute(link, "href")} ${textOf(link)}`);
    for (const { url, title } of wands) expect(links).toContain(`${url} ${title}`);
    const { html } = render(pageInput({}, type));
    for (const { price } of wands.filter(({ available }) => available)) expect(html).toContain(`£${price.toFixed(2)}`);
  });

  it("has one h1, no jump in the order of headings, and landmarks", () => {
    const all = elements({}, type);
    const levels = named(all, "h1", "h2", "h3").map(({ tagName }) => Number(tagName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    for (const landmark of ["header", "main", "footer"]) expect(named(all, landmark)).toHaveLength(1);
  });

  it("has no id twice, and every link within the page leads somewhere", () => {
    const all = elements({}, type);
    const ids = all.map((one) => attribute(one, "id")).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = named(all, "a")
      .map((one) => attribute(one, "href"))
      .filter((href) => href?.startsWith("#"));
    for (const target of targets) expect(ids).toContain(target?.slice(1));
  });

  it("stays small with 24 products", () => {
    for (const products of [wands, home]) {
      const layout = templateLayout({
        persona: persona(type, ["Books"]),
        products,
        brand: BRANDS.mystic,
        shopName: "A shop",
      });
      expect(Buffer.byteLength(render(pageInput({ layout, products })).html)).toBeLessThan(LARGEST);
    }
  });
});

describe("a page", () => {
  it("is the same for the same input", () => {
    expect(render(pageInput())).toEqual(render(pageInput()));
  });

  it("says what it is to machines", () => {
    const all = elements();
    expect(attribute(named(all, "html")[0] as never, "lang")).toBe("en-GB");
    expect(attribute(named(all, "html")[0] as never, "data-store")).toBe("a-shop");
    expect(named(all, "link").map((one) => [attribute(one, "rel"), attribute(one, "href")])).toEqual([
      ["canonical", "https://wand.example/s/magic-wands"],
    ]);
    expect(meta(all, "name", "description")).toBe(
      "Magic Wands: Wands, Potions, Books, Robes, Curiosities. Made by hand, chosen by you",
    );
    expect(meta(all, "property", "og:title")).toBe("Magic Wands – Made by hand, chosen by you");
  });

  it("has the products as schema.org data", () => {
    const script = named(elements(), "script").find((one) => attribute(one, "type") === "application/ld+json");
    const { mainEntity } = JSON.parse(textOf(script as never)) as {
      mainEntity: { itemListElement: { item: unknown }[] };
    };
    expect(mainEntity.itemListElement).toHaveLength(24);
    expect(mainEntity.itemListElement[0]?.item).toMatchObject({
      "@type": "Product",
      name: "Elder Wand of the North",
      url: "https://shop.example/products/elder-wand-of-the-north",
      offers: { "@type": "Offer", price: 120, priceCurrency: "GBP", availability: "https://schema.org/InStock" },
    });
  });

  it("loads a script only when it is given one", () => {
    const scripts = (page: PageInput["page"]) =>
      named(elements({ page }), "script").map((one) => attribute(one, "src"));
    expect(scripts({ scriptUrl: "/assets/client.js" })).toEqual([undefined, "/assets/client.js"]);
    expect(scripts({})).toEqual([undefined]);
  });

  it("says that a personal page is being made only while it is", () => {
    const [root] = named(elements({ page: { preparing: true } }), "html");
    expect(attribute(root as never, "data-wand-preparing")).toBe("");
    expect(render(pageInput({ page: { preparing: true } })).html).toContain("We are arranging this shop for you…");
    expect(render(pageInput()).html).not.toMatch(/wand-preparing|We are arranging/);
  });

  it("keeps an empty live region for the script", () => {
    const region = elements().find((one) => attribute(one, "id") === "wand-notice");
    expect(region?.childNodes).toEqual([]);
    expect(attribute(region as never, "aria-live")).toBe("polite");
  });

  it.each([
    ["unknown", undefined, "standard", "Standard layout"],
    ["unknown", "template", "standard", "Standard layout"],
    ["unknown", "model", "ai", "Layout made with AI"],
    ["loyalist", "template", "rules", "without AI"],
    ["loyalist", "model", "ai", "Layout made with AI"],
    ["loyalist", undefined, "automatic", "arranged for you automatically"],
  ] as const)("for %s by %s is marked %s", (type, source, kind, words) => {
    const all = elements({ page: { source } }, type);
    expect(meta(all, "name", "generator-kind")).toBe(kind);
    expect(textOf(named(all, "footer")[0] as never)).toContain(words);
  });

  it("takes pictures of the shop where there are some, and names their hosts", () => {
    const products = [
      product({ id: "a", image_url: "https://cdn.example:8443/a.jpg", image_alt: "An A" }),
      product({ id: "b", image_url: "https://cdn.example:8443/b.jpg" }),
    ];
    const { html, imageHosts } = render(pageInput({ products }));
    const pictures = named(elementsOf(html), "img");
    expect(pictures.map((one) => attribute(one, "alt"))).toEqual(["An A", "b"]);
    expect(pictures.map((one) => attribute(one, "width"))).toEqual(["800", "800"]);
    expect(imageHosts).toEqual(["cdn.example:8443"]);
  });

  it("says so when a shop has nothing to show", () => {
    const { html } = render(pageInput({ products: [] }));
    expect(html).toContain("nothing on the shelves");
    expect(html.match(/<(h1|h2|section|nav)/g)).toEqual(["<h1"]); // and promises nothing beside it
  });

  it("shows a deal as a plain product once the catalogue has no saving for it", () => {
    const layout: LayoutSpec = {
      version: 1,
      persona: "dealhunter",
      sections: [
        {
          type: "hero",
          id: "hero",
          config: { title: "Deal", subtitle: "", cta_text: "Go", style: "deal", product_id: "a" },
        },
      ],
    };
    const reduced = product({ id: "a", price: 60, compare_at_price: 100 });
    expect(render(pageInput({ layout, products: [reduced] })).html).toContain("40%");
    expect(render(pageInput({ layout, products: [{ ...reduced, compare_at_price: null }] })).html).not.toContain("40%");
  });
});
