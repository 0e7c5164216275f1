import { CatalogueError, readProductsJson } from "../../../../runtime/lib/catalogue";

const shop = { shopUrl: "https://shop.example", currency: "GBP" };
const read = (value: unknown) => readProductsJson(JSON.stringify(value), "products.json", shop);
const columns = (value: unknown) => read(value).problems.map(({ column }) => column);

describe("our own shape", () => {
  const own = { id: "tea", title: "Tea", price: 4.5 };

  it("needs an id, a title and a price", () => {
    const [product] = read([own]).products;
    expect(product).toMatchObject({
      id: "tea",
      price: 4.5,
      price_max: 4.5,
      currency: "GBP",
      category: "Other",
      available: true,
    });
    expect(product?.variants).toEqual([
      {
        id: "tea:1",
        title: "",
        options: [],
        sku: null,
        price: 4.5,
        compare_at_price: null,
        available: true,
        inventory: null,
        image_url: null,
      },
    ]);
    expect(columns([{}])).toEqual(["[0].id", "[0].title"]);
    expect(columns([{ id: "tea", title: "Tea" }])).toEqual(["[0].price"]);
  });

  it("refuses unknown keys, wrong types and links that are no web address", () => {
    expect(columns([own, { ...own, id: "a", prize: 1 }])).toEqual(["[1].prize"]);
    expect(columns([{ ...own, price: "4.50" }])).toEqual(["[0].price"]);
    expect(columns([{ ...own, url: "javascript:alert(1)" }])).toEqual(["[0].url"]);
    expect(columns([{ ...own, variants: [{ price: -1 }] }])).toEqual(["[0].variants[0].price"]);
  });

  it("refuses what contradicts itself or the manifest", () => {
    expect(columns([{ ...own, variants: [{ price: 5 }] }])).toEqual(["[0].price"]);
    expect(columns([{ ...own, currency: "USD" }])).toEqual(["[0].currency"]);
    expect(columns([{ ...own, variants: [{ price: 4.5 }] }])).toEqual([]);
  });

  it("may be wrapped as Shopify wraps its own", () => {
    expect(read({ products: [own] })).toEqual(read([own]));
    expect(columns({ products: [{ ...own, price: "4.50" }] })).toEqual(["products[0].price"]);
  });

  it("refuses an id that is there already", () => {
    expect(columns([own, { ...own, title: "Other" }])).toEqual(["[1]"]);
  });
});

describe("Shopify's shape", () => {
  const storefront = {
    id: 1,
    title: "Tea",
    handle: "tea",
    body_html: "<p>Green &amp; fresh</p>",
    published_at: "2026-01-01T00:00:00Z",
    vendor: "Garden",
    product_type: "Drinks",
    tags: ["leaf"],
    options: [{ name: "Size", position: 1, values: ["S", "M"] }],
    images: [{ id: 7, src: "https://img.example/a.jpg", position: 1, variant_ids: [] }],
    variants: [
      {
        id: 11,
        title: "S",
        option1: "S",
        option2: null,
        option3: null,
        sku: "",
        price: "4.50",
        compare_at_price: "6.00",
        available: true,
      },
      {
        id: 12,
        title: "M",
        option1: "M",
        option2: null,
        option3: null,
        sku: "T-M",
        price: "7.00",
        compare_at_price: null,
        available: false,
      },
    ],
  };
  const admin = {
    title: "Cup",
    handle: "cup",
    body_html: null,
    product_type: "",
    tags: "clay, blue",
    status: "active",
    options: [{ name: "Title", values: ["Default Title"] }],
    images: [{ id: 8, src: "https://img.example/b.jpg", alt: "A cup", position: 1 }],
    variants: [
      {
        id: 21,
        option1: "Default Title",
        price: "9.00",
        inventory_management: "shopify",
        inventory_quantity: 0,
        inventory_policy: "deny",
        image_id: 8,
      },
    ],
  };

  it("reads the storefront's and the Admin API's form", () => {
    const { products, problems } = read({ products: [storefront, admin] });
    expect(problems).toEqual([]);
    expect(products[0]).toMatchObject({
      id: "tea",
      description: "Green & fresh",
      price: 4.5,
      compare_at_price: 6,
      price_max: 7,
    });
    expect(products[0]?.variants.map(({ id, title, available }) => [id, title, available])).toEqual([
      ["11", "S", true],
      ["12", "M", false],
    ]);
    expect(products[1]).toMatchObject({ category: "clay", available: false, options: [], image_alt: "A cup" });
    expect(products[1]?.variants[0]).toMatchObject({ title: "", inventory: 0, image_url: "https://img.example/b.jpg" });
  });

  it("is known by its handles where nothing is around the products, as programs save them", () => {
    expect(read([storefront, admin])).toEqual(read({ products: [storefront, admin] }));
    expect(columns([{ ...storefront, variants: [] }])).toEqual(["[0].variants"]);
    expect(columns([storefront, { id: "tea", title: "Tea", price: 4.5 }])).toEqual([
      "[1].id",
      "[1].handle",
      "[1].variants",
    ]);
  });

  it("takes an empty former price for none, as storefronts write it", () => {
    const [first, ...others] = storefront.variants;
    const { products, problems } = read([{ ...storefront, variants: [{ ...first, compare_at_price: "" }, ...others] }]);
    expect(problems).toEqual([]);
    expect(products[0]?.compare_at_price).toBeNull();
    expect(columns([{ ...storefront, variants: [{ ...first, price: "" }] }])).toEqual(["[0].variants[0].price"]);
  });

  it("counts what is not shown", () => {
    const products = [{ ...admin, status: "draft", variants: [] }, { ...storefront, published_at: null }, storefront];
    const reading = read({ products });
    expect(reading.unpublished.map(({ id, reason }) => [id, reason])).toEqual([
      ["cup", "draft"],
      ["tea", "hidden"],
    ]);
    expect(reading.products).toHaveLength(1);
  });

  it("says where a value is wrong", () => {
    const broken = { ...storefront, variants: [{ ...storefront.variants[0], price: "1,50" }] };
    expect(read({ products: [storefront, broken] }).problems).toEqual([
      {
        file: "products.json",
        line: null,
        column: "products[1].variants[0].price",
        message: expect.stringMatching(/^found "1,50"; a price/),
      },
    ]);
    expect(columns({ products: [{ ...admin, images: [{ src: "data:,x" }] }] })).toEqual(["products[0].images[0].src"]);
    expect(columns({ products: [{ ...admin, handle: "a/b" }] })).toEqual(["products[0].handle"]);
  });
});

describe("what is neither", () => {
  it.each(['{"products":[],"next":1}', '{"items":[]}', "3", "{", ""])("refuses %j", (text) => {
    expect(() => readProductsJson(text, "products.json", shop)).toThrow(CatalogueError);
  });
});
