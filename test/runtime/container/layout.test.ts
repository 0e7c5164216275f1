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

  it.each<[string, string]>([
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
