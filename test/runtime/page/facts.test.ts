import { moneyIn } from "../../../runtime/page/money";
import { clip, priceLabel, savingOf, stockLabel } from "../../../runtime/page/product/facts";
import { en } from "../../../runtime/page/words/en";
import { product } from "./fixtures";

const { words } = en;

describe("money", () => {
  it("is written as the shop's locale does", () => {
    expect(moneyIn("en-GB")(12.5, "GBP")).toBe("£12.50");
    expect(moneyIn("de-DE")(1234.5, "EUR")).toBe("1.234,50\u00a0€");
    expect(moneyIn("ja-JP")(1200, "JPY")).toBe("￥1,200");
  });

  it("falls to English where nobody knows the locale", () => {
    expect(moneyIn("en-a")(3, "USD")).toBe("$3.00");
  });
});

describe("facts of a product", () => {
  it("say From where variants cost more", () => {
    const money = moneyIn("en-GB");
    expect(priceLabel(product({ id: "a", price: 5, price_max: 5 }), money, words)).toBe("£5.00");
    expect(priceLabel(product({ id: "a", price: 5, price_max: 6 }), money, words)).toBe("From £5.00");
  });

  it("never overstate a saving", () => {
    expect(savingOf(product({ id: "a", price: 67, compare_at_price: 100 }))).toEqual({ amount: 33, percent: 33 });
    expect(savingOf(product({ id: "a", price: 66.01, compare_at_price: 100 }))?.percent).toBe(33);
    expect(savingOf(product({ id: "a", price: 100, compare_at_price: 100 }))).toBeUndefined();
    expect(savingOf(product({ id: "a", price: 100, compare_at_price: 90 }))).toBeUndefined();
  });

  it("tell a low stock only where the shop counts it", () => {
    const one = product({ id: "a" });
    const stocked = (inventory: number | null) => ({
      ...one,
      variants: one.variants.map((v) => ({ ...v, inventory })),
    });
    expect(stockLabel(stocked(null), words)).toBe("In stock");
    expect(stockLabel(stocked(4), words)).toBe("4 left");
    expect(stockLabel(stocked(5), words)).toBe("In stock");
    expect(stockLabel(stocked(0), words)).toBe("In stock");
    expect(stockLabel(product({ id: "a", available: false }), words)).toBe("Sold out");
  });
});

describe("clip", () => {
  it("ends at a word and keeps to the limit", () => {
    expect(clip("one two three", 13)).toBe("one two three");
    expect(clip("one two three", 12)).toBe("one two…");
    expect(clip("a".repeat(30), 10)).toBe(`${"a".repeat(9)}…`);
  });

  it("splits no emoji", () => {
    expect(clip("\u{1fa84}".repeat(10), 6)).toBe("\u{1fa84}\u{1fa84}…");
  });
});
