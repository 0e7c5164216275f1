import { toProduct, toShopFace } from "../../../runtime/container/generation/product";
import { ProductSchema } from "../../../runtime/contract/product";
import { canonicalBody } from "./fixtures";

const { shop } = canonicalBody();
const wire = { ...canonicalBody().shop.products[0]!, id: "a/b c" };

describe("a product of the wire", () => {
  it("becomes a whole one that makes up no fact", () => {
    const product = toProduct(wire, "https://shop.example/");
    expect(ProductSchema.parse(product)).toEqual(product);
    expect(product).toMatchObject({
      description: "",
      url: "https://shop.example/products/a%2Fb%20c",
      price: 79.99,
      price_max: 79.99,
      compare_at_price: null,
      available: true,
      image_alt: wire.title,
      images: [{ url: wire.image_url, alt: wire.title }],
      variants: [{ id: "a/b c:1", price: 79.99, inventory: null, sku: null }],
    });
  });

  it("keeps every fact it has", () => {
    const whole = toProduct(
      { ...wire, description: "Loud.", compare_at_price: 99, url: "https://a.example/p" },
      undefined,
    );
    expect(toProduct(whole, "https://elsewhere.example")).toEqual(whole);
  });

  it("takes the highest price from its variants where it is not given", () => {
    const variant = toProduct(wire, undefined).variants[0]!;
    expect(toProduct({ ...wire, variants: [variant, { ...variant, id: "2", price: 120 }] }, undefined).price_max).toBe(
      120,
    );
  });

  it("leads to an address that can be nobody's where the shop's is not given", () => {
    expect(toProduct(wire, undefined).url).toBe("https://shop.invalid/products/a%2Fb%20c");
  });
});

describe("the shop of the wire", () => {
  it("is called by its id, and formats as in English, where it says no more", () => {
    expect(toShopFace(shop)).toEqual({
      slug: "store_xyz789",
      name: "store_xyz789",
      locale: "en",
      currency: "USD",
      shop_url: "https://shop.invalid",
      brand: shop.brand_guidelines,
    });
  });
  it.each([
    ["de-at", "de-AT"],
    ["not a locale", "en"],
  ])("with the locale %j formats as %s", (locale, expected) => {
    expect(toShopFace({ ...shop, locale }).locale).toBe(expected);
  });
});
