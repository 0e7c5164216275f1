import { readLayout, type LayoutLimits } from "../../../runtime/container/generation/layout";
import { WandError } from "../../../runtime/contract/errors";

const limits: LayoutLimits = { persona: "collector", productIds: new Set(["a", "b"]) };
const hero = { type: "hero", id: "hero_main", config: { title: "T", cta_text: "Go", product_id: "gone" } };
const cta = { type: "cta", id: "cta_main", config: { title: "T", cta_text: "Go", product_id: "b" } };
const list = { type: "recommendations", id: "rec_main", config: { title: "T", product_ids: ["gone", "a"] } };
const write = (...sections: object[]): string => JSON.stringify({ sections });

describe("a model's layout", () => {
  it("loses the products that the catalogue lacks and keeps its sections", () => {
    const { sections } = readLayout(write(hero, list, cta), limits);
    expect(sections.map((section) => section.config)).toEqual([
      { title: "T", subtitle: "", cta_text: "Go", style: "split", product_id: undefined },
      { title: "T", reason: "", product_ids: ["a"] },
      { title: "T", text: "", cta_text: "Go", product_id: "b" },
    ]);
  });

  it("is of the shopper's persona and of version 1, whatever the model says", () => {
    const text = JSON.stringify({ version: 7, persona: "minimalist", sections: [list] });
    expect(readLayout(text, limits)).toMatchObject({ version: 1, persona: "collector" });
  });

  it("has no section that nobody asked for", () => {
    const { sections } = readLayout(write(hero, list, cta), { ...limits, components: ["cta", "grid"] });
    expect(sections.map((section) => section.type)).toEqual(["cta"]);
  });

  it("has no place for anything but the contract's keys", () => {
    const text = write({
      ...list,
      html: "<script>",
      config: { ...list.config, price: 1, url: "https://evil.example" },
    });
    expect(readLayout(text, limits).sections).toEqual([
      { type: "recommendations", id: "rec_main", config: { title: "T", reason: "", product_ids: ["a"] } },
    ]);
  });

  it("is whole without sections that no page has, and with names of ours for those that have none", () => {
    const { id: _id, ...nameless } = list;
    const reviews = { type: "testimonials", id: "reviews", config: { stars: 5 } };
    const { sections } = readLayout(write({ ...hero, id: "hero-main" }, reviews, nameless, cta), limits);
    expect(sections.map(({ type, id }) => [type, id])).toEqual([
      ["hero", "section_1"],
      ["recommendations", "section_2"],
      ["cta", "cta_main"],
    ]);
  });

  it.each<[string, string]>([
    ["nothing but sections that no page has", write({ type: "testimonials", id: "t", config: {} })],
    ["sections that are none", JSON.stringify({ sections: ["hero", null, 7] })],
    ["a section without a type", write({ id: "hero_main", config: hero.config })],
    ["sections under their names", JSON.stringify({ sections: { hero } })],
    ["no text", ""],
    ["an array", "[]"],
    ["no section", write()],
    ["thirteen sections", write(...Array.from({ length: 13 }, () => hero))],
    ["a title that is too long", write({ ...hero, config: { ...hero.config, title: "x".repeat(91) } })],
    ["only lists whose products are gone", write({ ...list, config: { title: "T", product_ids: ["gone"] } })],
  ])("is refused with %s, quoting nothing of it", (_name, text) => {
    const read = (): unknown => readLayout(text, limits);
    expect(read).toThrow(WandError);
    expect(read).toThrow(/^The model('s layout| did not)/);
    expect(read).not.toThrow(/xxx|gone/);
  });
});
