import * as fc from "fast-check";
import { drawProduct } from "../../../runtime/page/art";
import { choose } from "../../../runtime/page/art/choose";
import { readCharacter } from "../../../runtime/page/style/character";
import { paletteOf } from "../../../runtime/page/style/tokens";
import { BRANDS, home, product, wands } from "./fixtures";

const LARGEST = 1536; // bytes of one drawing, its label not counted
const palettes = Object.values(BRANDS).map((brand) => paletteOf(brand, readCharacter(brand)));
const nouns =
  "wand,orb,crystal,cauldron,broom,potion,bottle,teapot,mug,tea,bowl,vase,book,scroll,print,gift box,robe,hat,beanie,trousers,dress,shirt,jumper,boots,bag,necklace,ring,plant,cactus,fern,candle,lamp,pendant light,chair,sofa,table,stool,cushion,blanket,thing".split(
    ",",
  );

describe("drawings", () => {
  it("are the same for the same product and brand, and differ between products", () => {
    const [palette] = palettes;
    if (palette === undefined) throw new Error("no palette");
    const all = [...wands, ...home].map((one) => drawProduct(one, palette).value);
    expect([...wands, ...home].map((one) => drawProduct(one, palette).value)).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are small, have a label, and neither ids nor styles nor anything undefined", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...nouns),
        fc.constantFrom(...palettes),
        fc.string({ minLength: 1 }),
        (noun, palette, id) => {
          const svg = drawProduct(product({ id, title: noun, category: id }), palette).value;
          expect(svg.length).toBeLessThan(LARGEST);
          expect(svg).toContain(`aria-label="Drawing of ${noun}"`);
          expect(svg).not.toMatch(/ id=| style=|undefined|NaN|<script/);
        },
      ),
      { numRuns: 3000 },
    );
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
