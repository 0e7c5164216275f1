import type { LayoutSpec, Section } from "../../../runtime/contract/layout";
import type { Product } from "../../../runtime/contract/product";
import type { Checkout } from "../../../runtime/contract/store";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { render, templateLayout } from "../../../runtime/page";
import { attribute, below, dangersOf, type Element, elementsOf, named, textOf } from "./dom";
import { BRANDS, persona, product } from "./fixtures";
import { numbered, selling, variantOf } from "./support/sellable";

type Kind = Checkout["kind"];

const grid = (products: readonly Product[]): Section => ({
  type: "grid",
  id: "all",
  config: {
    title: "",
    columns: 3,
    product_ids: products.map(({ id }) => id),
    density: "regular",
    item: "card",
    show: [],
  },
});
const page = (products: readonly Product[], kind?: Kind, sections: Section[] = [grid(products)]): Element[] => {
  const layout: LayoutSpec = { version: 1, persona: "unknown", sections };
  return elementsOf(render({ layout, shop: selling(kind), products, page: {} }).html);
};
/** What one product is bought by. */
const buyOf = (given: Partial<Product>, kind?: Kind): Element | undefined =>
  page([product({ id: "wand", title: "Oak Wand", ...given })], kind).find((one) => attribute(one, "class") === "buy");
const fieldsOf = (form: Element) =>
  Object.fromEntries(named(below(form), "input").map((one) => [attribute(one, "name"), attribute(one, "value")]));
const text = (element: Element | undefined): string => (element ? textOf(element).replace(/\s+/g, " ").trim() : "");

describe("a product with one variant", () => {
  const variants = [variantOf("42")];

  it("in a shop with permalinks goes into its cart by a form of the shop's own address", () => {
    const form = buyOf({ variants }, "permalink")!;
    expect([form.tagName, attribute(form, "method"), attribute(form, "action")]).toEqual([
      "form",
      "get",
      "https://shop.example/cart/42:1",
    ]);
    expect(fieldsOf(form)).toEqual({ storefront: "true" });
    expect(attribute(form, "data-wand-event")).toBe("add_to_cart");
    expect(text(form)).toBe("Add to cart – Oak Wand");
  });

  it("in a shop with the Storefront API is asked of us", () => {
    const form = buyOf({ variants }, "cart")!;
    expect([attribute(form, "method"), attribute(form, "action")]).toEqual(["post", "/api/cart"]);
    expect(fieldsOf(form)).toEqual({ store: "a-shop", variant: "42" });
    expect(text(form)).toBe("Add to cart – Oak Wand");
  });

  it.each<[string, Partial<Product>, Kind | undefined]>([
    ["in a shop of which no cart is known", { variants }, "product"],
    ["in a record from before there were carts", { variants }, undefined],
    ["whose id is none of Shopify's", { variants: [variantOf("wand:1")] }, "permalink"],
    ["whose id would leave the address", { variants: [variantOf("42/../../evil")] }, "permalink"],
  ])("%s is looked at in the shop: its title leads there, and nothing else says so again", (_what, given, kind) => {
    expect(buyOf(given, kind)).toBeUndefined();
    const elements = page([product({ id: "wand", title: "Oak Wand", ...given })], kind);
    const item = elements.find((one) => one.tagName === "li" && attribute(one, "data-product-id") === "wand");
    const links = named(below(item!), "a").map((one) => [text(one), attribute(one, "href")]);
    expect(links).toEqual([["Oak Wand", "https://shop.example/products/wand"]]);
  });

  it.each<Kind>(["permalink", "cart", "product"])("that is sold out has no button (%s)", (kind) => {
    expect(buyOf({ available: false, variants: [variantOf("42", { available: false })] }, kind)).toBeUndefined();
  });

  it("without an address of the web, in a shop without a cart, has no button", () => {
    expect(buyOf({ variants, url: "javascript:alert(1)" }, "product")).toBeUndefined();
  });
});

describe("a product with several variants", () => {
  const options = [{ name: "Size", values: ["S", "M", "L"] }];
  const variants = [
    variantOf("1", { title: "S", price: 10 }),
    variantOf("2", { title: "M", price: 10, available: false }),
    variantOf("3", { title: "L", price: 12 }),
  ];

  it.each<Kind>(["permalink", "cart"])("has those of them that can be bought to choose from, labelled (%s)", (kind) => {
    const buy = buyOf({ variants, options }, kind)!;
    const [summary, label, form] = ["summary", "label", "form"].map((tag) => named(below(buy), tag)[0]);
    expect(buy.tagName).toBe("details");
    expect(text(summary)).toBe("Choose options – Oak Wand");
    expect([attribute(form!, "method"), attribute(form!, "action")]).toEqual(["post", "/api/cart"]);
    expect(fieldsOf(form!)).toEqual({ store: "a-shop" });
    expect(text(label)).toMatch(/^Size/);
    const [select] = named(below(label!), "select");
    expect(attribute(select!, "name")).toBe("variant");
    const choices = named(below(select!), "option");
    expect(choices.map((one) => [attribute(one, "value"), text(one)])).toEqual([
      ["1", "S – £10.00"],
      ["3", "L – £12.00"],
    ]);
    expect(text(named(below(buy), "button")[0])).toBe("Add to cart – Oak Wand");
  });

  it("shows prices only where they differ", () => {
    const same = variants.map((variant) => ({ ...variant, price: 10 }));
    const choices = named(below(buyOf({ variants: same, options }, "cart")!), "option");
    expect(choices.map(text)).toEqual(["S", "L"]);
  });

  it("of which one is left says which", () => {
    const left = variants.map((variant) => ({ ...variant, available: variant.id === "3" }));
    const form = buyOf({ variants: left, options }, "permalink")!;
    expect([attribute(form, "action"), text(form)]).toEqual([
      "https://shop.example/cart/3:1",
      "Add to cart (L) – Oak Wand",
    ]);
  });

  it.each([
    [19, "details", "Choose options – Oak Wand"],
    [20, "p", "Choose options – Oak Wand"],
  ])("of which there are %i are chosen from in a %s", (count, tag, summary) => {
    const all = Array.from({ length: count }, (_, n) => variantOf(String(n + 1), { title: `No ${n}` }));
    const buy = buyOf({ variants: all, options }, "cart")!;
    expect([buy.tagName, text(buy).slice(0, summary.length)]).toEqual([tag, summary]);
  });
});

describe("a whole page", () => {
  it.each(PERSONA_TYPES)("for %s sells each product of its lists that can be had, and is safe", (type) => {
    for (const kind of ["permalink", "cart", "product"] as const) {
      const who = persona(type, ["Wands"]);
      const layout = templateLayout({
        persona: who,
        products: numbered,
        brand: BRANDS.mystic,
        shopName: "Magic Wands",
      });
      const all = elementsOf(render({ layout, shop: selling(kind), products: numbered, page: {} }).html);
      expect(dangersOf(all)).toEqual([]);
      const items = all.filter((one) => /^item (card|row|tile)/.test(attribute(one, "class") ?? ""));
      expect(items.length).toBeGreaterThan(2);
      for (const item of items) {
        const { title, available } = numbered.find(({ id }) => id === attribute(item, "data-product-id"))!;
        const buys = below(item).filter((one) => attribute(one, "class") === "buy");
        expect(buys).toHaveLength(available && kind !== "product" ? 1 : 0);
        for (const one of buys) expect(text(one)).toContain(title);
      }
    }
  });

  it("sells what its opening and its call to action name, under the mark of that product", () => {
    const products = [product({ id: "wand", title: "Oak Wand", variants: [variantOf("42")] })];
    const config = { title: "A", subtitle: "", text: "", cta_text: "See", product_id: "wand" };
    const sections = [
      { type: "hero", id: "split", config: { ...config, style: "split" } },
      { type: "hero", id: "quiet", config: { ...config, style: "quiet" } },
      { type: "cta", id: "cta", config },
    ] as Section[];
    const marked = (kind: Kind) =>
      page(products, kind, sections)
        .filter((one) => attribute(one, "data-product-id") === "wand")
        .flatMap((one) => named(below(one), "form"));
    expect(marked("permalink")).toHaveLength(3); // no list of everything, since the opening shows it
    expect(new Set(marked("permalink").map(text))).toEqual(new Set(["Add to cart – Oak Wand"]));
    expect(marked("product")).toHaveLength(0);
  });

  it("escapes what a shop writes into its choices", () => {
    const title = `"><script>alert(1)</script>`;
    const variants = [variantOf("1", { title }), variantOf("2", { title: "x" })];
    const given = { variants, title, options: [{ name: title, values: ["a", "b"] }] };
    expect(dangersOf(page([product({ id: "p", ...given })], "cart"))).toEqual([]);
  });
});
