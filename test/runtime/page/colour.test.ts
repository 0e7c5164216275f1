import * as fc from "fast-check";
import { asColour, contrast, fromOklch, inkOn, mix, readable, toOklch } from "../../../runtime/page/colour";
import { readCharacter } from "../../../runtime/page/style/character";
import { paletteOf } from "../../../runtime/page/style/tokens";
import { BRANDS } from "./fixtures";

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("contrast", () => {
  it("is what WCAG says for known pairs", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("is the same in both directions", () => {
    fc.assert(fc.property(colour, colour, (a, b) => contrast(a, b) === contrast(b, a)));
  });
});

describe("readable", () => {
  it("leaves a colour alone that is readable already", () => {
    expect(readable("#767676", ["#ffffff"])).toBe("#767676");
  });

  it("darkens the near miss no further than it must", () => {
    const found = readable("#777777", ["#ffffff"]);
    expect(contrast(found, "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(found, "#ffffff")).toBeLessThan(5.2);
  });

  it("reaches 4.5 on any one background, from any colour", () => {
    fc.assert(fc.property(colour, colour, (text, behind) => contrast(readable(text, [behind]), behind) >= 4.5));
  });
});

describe("colours", () => {
  it("survive the way to OKLCH and back", () => {
    fc.assert(
      fc.property(colour, (hex) => {
        expect(contrast(fromOklch(toOklch(hex)), hex)).toBeLessThan(1.03);
      }),
    );
  });

  it("are nothing but #RRGGBB", () => {
    expect(asColour("#ABCDEF", "#000000")).toBe("#abcdef");
    expect(asColour("red;}</style>", "#000000")).toBe("#000000");
    expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
    expect(inkOn("#ffd400")).toBe("#14121a");
    expect(inkOn("#5b2a86")).toBe("#ffffff");
  });
});

describe("the palette of a brand", () => {
  it("has readable text on every surface, whatever the brand's colours and character", () => {
    const tone = fc.constantFrom(
      ...Object.values(BRANDS).map((brand) => brand.tone),
      "warm, natural",
      "smart, technical",
      "",
    );
    fc.assert(
      fc.property(colour, colour, tone, (primary_color, secondary_color, words) => {
        const brand = { ...BRANDS.natural, primary_color, secondary_color, tone: words };
        const palette = paletteOf(brand, readCharacter(brand));
        for (const behind of [palette.page, palette.surface, palette.band]) {
          for (const text of [palette.ink, palette.muted, palette.accent, palette.sale]) {
            expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5);
          }
          expect(contrast(palette.focus, behind)).toBeGreaterThanOrEqual(3);
          expect(contrast(palette.edge, behind)).toBeGreaterThanOrEqual(3);
        }
        expect(contrast(palette.primary, palette.onPrimary)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it("keeps the brand's own colour as an area where its text is readable on it", () => {
    expect(paletteOf(BRANDS.mystic, readCharacter(BRANDS.mystic)).primary).toBe(BRANDS.mystic.primary_color);
  });
});

describe("the character of a brand", () => {
  it("is read from the words of its tone", () => {
    for (const [name, brand] of Object.entries(BRANDS)) expect(readCharacter(brand).name).toBe(name);
  });

  it("is read from font and colour where the tone has no known word", () => {
    const silent = { ...BRANDS.natural, tone: "" };
    expect(readCharacter({ ...silent, font_family: "Didot, serif" }).name).toBe("refined");
    expect(readCharacter({ ...silent, font_family: "Inter", primary_color: "#333333" }).name).toBe("minimal");
    expect(readCharacter({ ...silent, font_family: "Inter", primary_color: "#2f5d50" }).name).toBe("natural");
  });
});
