import { render, templateLayout } from "../../../runtime/page";
import { byKey, byObject } from "../../../runtime/page/memo";
import { BRANDS, persona, shop, wands } from "./fixtures";

describe("what is kept", () => {
  it("is made once for a key, and only for the keys used last", () => {
    const made: string[] = [];
    const keep = byKey<string>(2);
    const ask = (key: string): string => keep(key, () => (made.push(key), key.toUpperCase()));
    expect(["a", "b", "a", "c", "a", "b"].map(ask)).toEqual(["A", "B", "A", "C", "A", "B"]);
    expect(made).toEqual(["a", "b", "c", "b"]); // `c` drove out `b`, for `a` had been used since
  });

  it("is made once for an object, and anew for one that only looks the same", () => {
    let made = 0;
    const keep = byObject(({ n }: { n: number }) => ((made += 1), n * 2));
    const one = { n: 2 };
    expect([keep(one), keep(one), keep({ n: 2 }), made]).toEqual([4, 4, 4, 2]);
  });

  it("changes no page: the same products for another brand, locale or address and back again", () => {
    const draw = (brand: (typeof BRANDS)[keyof typeof BRANDS], locale: string, products = wands): string => {
      const layout = templateLayout({ persona: persona("explorer"), products, brand, shopName: "A" });
      return render({ layout, shop: { ...shop("A", brand), locale }, products, page: {} }).html;
    };
    const fresh = (): typeof wands => structuredClone(wands); // nothing is known of these objects
    const first = draw(BRANDS.mystic, "en-GB");
    for (const brand of Object.values(BRANDS)) {
      for (const locale of ["de-DE", "ar", "en-GB"]) {
        expect(draw(brand, locale)).toBe(draw(brand, locale, fresh()));
      }
    }
    expect(draw(BRANDS.mystic, "en-GB")).toBe(first);
  });
});
