import * as fc from "fast-check";
import { directionOf } from "../../../runtime/page/direction";
import { columnsOf } from "../../../runtime/page/sections/columns";

const cards = { title: "", columns: 4, density: "regular", item: "card", show: [], product_ids: [] } as const;
const list = (given: object) => ({ ...cards, ...given }) as unknown as Parameters<typeof columnsOf>[0];

describe("columns of a list", () => {
  it.each([
    ["six small things are one row of six", { density: "compact" }, 6, 6],
    ["ten small things are two rows of five", { density: "compact" }, 10, 5],
    ["three things for four columns are one row of three", {}, 3, 3],
    ["twelve things are three rows of four", {}, 12, 4],
    ["nine things are three rows of three rather than one alone", {}, 9, 3],
    ["two airy columns stay two", { columns: 2, density: "airy" }, 6, 2],
  ])("%s", (_name, given, count, wide) => {
    expect(columnsOf(list(given), count).wide).toBe(wide);
  });

  it("never leave one thing alone where another number of columns does not", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 96 }),
        fc.constantFrom(3, 4),
        fc.constantFrom("regular", "compact"),
        (count, columns, density) => {
          const { wide, middle } = columnsOf(list({ columns, density }), count);
          const most = density === "compact" && columns === 4 ? 5 : columns;
          expect(count % wide === 1 && [most, most - 1, most + 1].some((n) => count % n !== 1)).toBe(false);
          expect(count % middle === 1 && [2, 3, 4].some((n) => count % n !== 1)).toBe(false);
        },
      ),
    );
  });

  it("make a mosaic of tiles only where it fills its rows", () => {
    const mosaics = Array.from({ length: 14 }, (_, count) => columnsOf(list({ item: "tile" }), count)).map(
      ({ mosaic }, n) => mosaic && n,
    );
    expect(mosaics.filter(Boolean)).toEqual([5, 9, 13]);
    expect(columnsOf(list({ item: "card" }), 9).mosaic).toBe(false);
  });
});

describe("the direction of a page", () => {
  it.each([
    ["ar-KW", "rtl"],
    ["he", "rtl"],
    ["fa-IR", "rtl"],
    ["uz-Arab", "rtl"],
    ["ku-Latn-TR", "ltr"],
    ["az", "ltr"],
    ["arn-CL", "ltr"],
    ["en-GB", "ltr"],
    ["zh-Hant-TW", "ltr"],
  ])("of %s is %s", (locale, direction) => {
    expect(directionOf(locale)).toBe(direction);
  });
});
