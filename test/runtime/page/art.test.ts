import * as fc from "fast-check";
import { drawProduct, sharedPaint } from "../../../runtime/page/art";
import { choose } from "../../../runtime/page/art/choose";
import { lookOf } from "../../../runtime/page/style/look";
import { BRANDS, home, product, wands } from "./fixtures";

const LARGEST = 1100; // bytes of one drawing without the outlines it shares
const palettes = Object.values(BRANDS).map((brand) => lookOf(brand).palette);
const nouns =
  "wand,orb,crystal,cauldron,broom,potion,bottle,teapot,mug,tea,bowl,vase,book,scroll,print,gift box,robe,hat,beanie,trousers,dress,shirt,jumper,boots,bag,necklace,ring,plant,cactus,fern,candle,lamp,pendant light,chair,sofa,table,stool,cushion,blanket,thing".split(
    ",",
  );

describe("drawings", () => {
  it("are the same for the same product and brand, and differ between products", () => {
    const [palette] = palettes;
    if (palette === undefined) throw new Error("no palette");
    const all = [...wands, ...home].map((one) => drawProduct(one, palette).svg.value);
    expect([...wands, ...home].map((one) => drawProduct({ ...one }, palette).svg.value)).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are small and silent, without ids, styles or anything undefined, and refer only to what comes with them", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...nouns),
        fc.constantFrom(...palettes),
        fc.string({ minLength: 1 }),
        (noun, palette, id) => {
          const { svg, outlines } = drawProduct(product({ id, title: noun, category: id }), palette);
          const page = sharedPaint(palette, outlines).value + svg.value;
          expect(svg.value.length).toBeLessThan(LARGEST);
          expect(svg.value).toContain(`aria-hidden="true"`);
          expect(svg.value).not.toMatch(/ id=| style=|<script/);
          expect(page).not.toMatch(/undefined|NaN|\/[^<>]*\/>/);
          for (const [, target] of page.matchAll(/(?:href="|url\()#(\w+)/g)) expect(page).toContain(`id="${target}"`);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("have each outline under an id of its own", () => {
    const [palette] = palettes;
    const seen = new Map<string, string>();
    for (const noun of nouns) {
      for (let n = 0; n < 60; n++) {
        const { outlines } = drawProduct(product({ id: `${noun} ${n}`, title: noun }), palette!);
        for (const [id, outline] of outlines) {
          expect(seen.get(id) ?? outline).toBe(outline);
          seen.set(id, outline);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(200);
  });
});

describe("what a product is drawn as", () => {
  it.each([
    ["Book of Wands", "", "book"],
    ["Wand Holster", "Wands", "bag"],
    ["A Guide to Broom Repair", "", "book"],
    ["Potion of Green Thumbs", "Potions", "potion"],
    ["Ocean Blue Shirt", "", "shirt"],
    ["Dragon Well", "Green Tea", "tin"],
    ["Windsor", "Chairs", "seat"],
    ["Nameless", "Sundries", "still life"],
  ])("%s (%s) is a %s", (title, category, name) => {
    expect(choose({ title, category, tags: [] }).name).toBe(name);
  });

  it("is found in the tags at last", () => {
    expect(choose({ title: "Nameless", category: "", tags: ["gift", "lamp"] }).name).toBe("lamp");
  });
});
