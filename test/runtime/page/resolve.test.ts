import type { LayoutSpec, Section } from "../../../runtime/contract/layout";
import { resolve } from "../../../runtime/page/resolve";
import { product } from "./fixtures";

const a = product({ id: "a" });
const b = product({ id: "b" });
const gone = product({ id: "gone", available: false });
const grid = (id: string, product_ids: string[]): Section => ({
  type: "grid",
  id,
  config: { title: "", columns: 3, product_ids, density: "regular", item: "card", show: [] },
});
const cta = (product_id: string): Section => ({
  type: "cta",
  id: "go",
  config: { title: "Go", text: "", cta_text: "Go", product_id },
});
const hero = (product_id: string, style: "split" | "quiet"): Section => ({
  type: "hero",
  id: "hero",
  config: { title: "T", subtitle: "", cta_text: "Go", style, product_id },
});
const filters: Section = { type: "filters", id: "filters", config: { title: "", facets: ["price"] } };
const layout = (...sections: Section[]): LayoutSpec => ({ version: 1, persona: "unknown", sections });

describe("a layout joined with the catalogue", () => {
  it("lists each known product once and drops ids that nobody knows", () => {
    const { sections } = resolve(layout(grid("one", ["b", "nobody", "a", "b"])), [a, b]);
    expect(sections.map(({ products }) => products)).toEqual([[b, a]]);
  });

  it("leaves out a list that ends empty", () => {
    const { sections, firstList } = resolve(layout(grid("one", ["nobody"]), grid("two", ["a"])), [a]);
    expect(sections.map(({ anchor }) => anchor)).toEqual(["s-two"]);
    expect(firstList).toBe("s-two");
  });

  it("falls to all products that can be bought where no list is left", () => {
    const { sections, rest } = resolve(layout(cta("nobody"), grid("one", ["nobody"])), [gone, a, b]);
    expect(sections.map(({ type, products }) => [type, products])).toEqual([
      ["cta", []],
      ["grid", [a, b]],
    ]);
    expect(rest).toEqual([gone]);
  });

  it("shows what is sold out rather than nothing", () => {
    expect(resolve(layout(cta("a")), [gone]).sections.at(-1)?.products).toEqual([gone]);
  });

  it("keeps a section whose product is unknown, without the product", () => {
    const { sections } = resolve(layout(cta("nobody"), cta("a")), [a]);
    expect(sections.slice(0, 2).map(({ product: one }) => one)).toEqual([undefined, a]);
  });

  it("does not list again what the hero shows, but where a filter has to reach it", () => {
    const many = Array.from({ length: 9 }, (_, n) => product({ id: `p${n}` }));
    const restOf = (...sections: Section[]): unknown[] =>
      resolve(layout(...sections), [a, b, ...many]).rest.slice(0, 2);
    const lists = grid("one", ["b"]);
    expect(restOf(hero("a", "split"), lists)).toEqual(many.slice(0, 2));
    expect(restOf(hero("a", "quiet"), lists)).toEqual([a, many[0]]);
    expect(restOf(hero("a", "split"), filters, lists)).toEqual([a, many[0]]);
    expect(resolve(layout(hero("a", "split"), filters, lists), [a, b]).rest).toEqual([]); // too few for a filter
  });

  it("needs no list where the hero shows all there is", () => {
    expect(resolve(layout(hero("a", "split")), [a])).toMatchObject({ sections: [{ type: "hero" }], rest: [] });
    expect(resolve(layout(hero("a", "quiet")), [a]).sections.map(({ type }) => type)).toEqual(["hero", "grid"]);
  });

  it("gives two sections of one id two anchors", () => {
    const { sections } = resolve(layout(grid("main", ["a"]), grid("main", ["b"])), [a, b]);
    expect(sections.map(({ anchor }) => anchor)).toEqual(["s-main", "s-main-2"]);
  });

  it("keeps what no list names, and nothing for an empty catalogue", () => {
    expect(resolve(layout(cta("b"), grid("one", ["a"])), [a, b, gone]).rest).toEqual([b, gone]);
    expect(resolve(layout(grid("one", ["a"])), [])).toEqual({ sections: [], rest: [], firstList: undefined });
  });
});
