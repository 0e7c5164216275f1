import { validate, parse } from "graphql";
import { CatalogueError } from "../../../../runtime/lib/catalogue";
import { readStorefront } from "../../../../runtime/lib/catalogue/storefrontApi";
import { PRODUCTS_QUERY, VARIANTS_QUERY } from "../../../../runtime/lib/catalogue/storefrontQueries";
import { ProductSchema } from "../../../../runtime/contract/product";
import { STOREFRONT_SCHEMA } from "../../support/storefrontSchema";
import { json, StorefrontStub, type StubProduct, type StubShop } from "../../support/storefrontStub";

const shop = { shopUrl: "https://tea.example", currency: "EUR" };
const TOKEN = "public-token";

const stub = new StorefrontStub();
let endpoint = "";
beforeAll(async () => (endpoint = await stub.listen()));
afterAll(() => stub.close());
beforeEach(() => {
  stub.asked.length = 0;
  stub.interfere = () => undefined;
});

const tea: StubProduct = {
  id: "1",
  handle: "green-tea",
  title: "Green Tea",
  html: "<p>Steamed &amp; <b>rolled</b></p><script>alert(1)</script>",
  type: "Tea",
  tags: ["green", "leaf"],
  options: ["Size", "Tin"],
  images: [
    { url: "https://cdn.example/a.jpg", altText: "A tin" },
    { url: "https://cdn.example/b.jpg", altText: null },
  ],
  variants: [
    { id: "11", price: "9.5", options: { Size: "Small", Tin: "Red" }, available: false, stock: 0 },
    { id: "12", price: "12.0", compareAt: "15.0", options: { Tin: "Blue", Size: "Large" }, stock: 3 },
  ],
};
const many = (count: number): StubProduct[] =>
  Array.from({ length: count }, (_, n) => ({
    id: String(n + 1),
    handle: `tea-${n}`,
    variants: [{ id: String(1000 + n), price: "1.0" }],
  }));

async function read(given: StubShop, accessToken?: string) {
  stub.shop = given;
  const said: string[] = [];
  const sleep = async () => undefined;
  const clock = { now: Date.now, sleep };
  const options = { clock, onProgress: (message: string) => said.push(message) };
  const reading = await readStorefront({ endpoint, accessToken }, "the API", shop, options);
  return { ...reading, said };
}
const refused = async (given: StubShop, accessToken?: string): Promise<string> => {
  const error = await read(given, accessToken).then(
    () => new Error("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CatalogueError)) throw error;
  return error.message;
};

/** What the API says of a shop's first products. */
async function answerFor(given: StubShop): Promise<{ data: { products: { nodes: unknown[] } } }> {
  stub.shop = given;
  const variables = { first: 1, variants: 1, images: 1, tags: false, stock: false };
  const response = await fetch(endpoint, {
    method: "POST",
    body: JSON.stringify({ query: PRODUCTS_QUERY, variables }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof answerFor>>;
}

describe("the queries", () => {
  it.each([
    ["PRODUCTS_QUERY", PRODUCTS_QUERY],
    ["VARIANTS_QUERY", VARIANTS_QUERY],
  ])("%s asks for nothing that the schema lacks", (_name, query) => {
    expect(validate(STOREFRONT_SCHEMA, parse(query))).toEqual([]);
  });

  it("would be seen if they did", async () => {
    expect(validate(STOREFRONT_SCHEMA, parse(PRODUCTS_QUERY.replace("vendor", "seller")))).toHaveLength(1);
    const body = JSON.stringify({ query: PRODUCTS_QUERY.replace("vendor", "seller"), variables: {} });
    const response = await fetch(endpoint, { method: "POST", body });
    expect(await response.text()).toContain("Cannot query field");
  });
});

describe("a product", () => {
  it("has all that the API says of it, and is what the contract wants", async () => {
    const { products, problems, isShopify } = await read({ products: [tea], token: TOKEN }, TOKEN);
    expect([problems, isShopify]).toEqual([[], true]);
    expect(ProductSchema.parse(products[0])).toEqual(products[0]);
    expect(products[0]).toMatchObject({
      id: "green-tea",
      shopify_id: "1",
      title: "Green Tea",
      description: "Steamed & rolled",
      vendor: "Maker",
      category: "Tea",
      tags: ["green", "leaf"],
      url: "https://tea.example/products/green-tea",
      price: 12,
      price_max: 12,
      compare_at_price: 15,
      available: true,
      image_url: "https://cdn.example/a.jpg",
      image_alt: "A tin",
      images: [
        { url: "https://cdn.example/a.jpg", alt: "A tin" },
        { url: "https://cdn.example/b.jpg", alt: "" },
      ],
      options: [
        { name: "Size", values: ["Small", "Large"] },
        { name: "Tin", values: ["Red", "Blue"] },
      ],
    });
    expect(products[0]?.variants).toEqual([
      expect.objectContaining({ id: "11", options: ["Small", "Red"], available: false, inventory: 0, sku: "SKU-11" }),
      expect.objectContaining({ id: "12", options: ["Large", "Blue"], title: "Large / Blue", inventory: 3 }),
    ]);
  });

  it("without options has none, leads to its page where it has one, and takes the taxonomy's shelf", async () => {
    const url = "https://tea.example/en/products/tea-0";
    const { products } = await read({ products: [{ ...many(1)[0]!, url, category: "Loose Tea" }] });
    expect(products[0]).toMatchObject({
      url,
      options: [],
      category: "Loose Tea",
      variants: [{ options: [], title: "" }],
    });
  });

  it("that is sold by subscription alone is not for a cart", async () => {
    const { products } = await read({ products: [{ ...many(1)[0]!, subscription: true }] });
    expect(products[0]?.variants[0]?.id).toBe("tea-0:1");
  });

  it.each([
    [
      "prices in another currency",
      { currency: "USD" },
      {},
      /products\["tea-0"\].*found prices in "USD"; the manifest's `currency` is EUR/,
    ],
    [
      "a price that is none",
      {},
      { variants: [{ id: "1", price: "free" }] },
      /variants\.nodes\[0\]\.price\.amount: found "free"; a price is/,
    ],
    [
      "a picture that is a script",
      {},
      { images: [{ url: "javascript:alert(1)", altText: null }] },
      /images\.nodes\[0\]\.url/,
    ],
    ["a handle that leads elsewhere", {}, { handle: "../x" }, /a handle is letters, digits and hyphens/],
    ["a variant whose id is no number", {}, { variants: [{ id: "x'", price: "1" }] }, /a variant's id is such as gid/],
  ])("with %s is a problem, and spoils no other", async (_what, given, changed, expected) => {
    const [first, second] = many(2) as [StubProduct, StubProduct];
    const { products, problems } = await read({ ...given, products: [{ ...first, ...changed }, second] });
    expect(problems.map(({ column, message }) => `${column}: ${message}`).join("\n")).toMatch(expected);
    if (!("currency" in given)) expect(products.map(({ id }) => id)).toEqual(["tea-1"]);
  });
});

describe("pages", () => {
  it("of 250 are followed to the end", async () => {
    const { products, said } = await read({ products: many(501), token: TOKEN }, TOKEN);
    expect(products.map(({ id }) => id)).toEqual(many(501).map(({ handle }) => handle));
    expect(stub.asked.map(({ variables }) => [variables["first"], variables["after"]])).toEqual([
      [250, null],
      [250, "cursor-250"],
      [250, "cursor-500"],
    ]);
    expect(said).toEqual(["250 products", "500 products"]);
  });

  it("shrink to what a shop allows without a token, and say what is not given", async () => {
    const { products, said } = await read({ products: many(40), maxCost: 1000 });
    expect(products).toHaveLength(40);
    expect(products[0]).toMatchObject({ tags: [], variants: [{ inventory: null }] });
    expect(stub.asked.map(({ variables }) => variables["first"])).toEqual([250, 18, 18, 18]);
    expect(said).toEqual(["there is no token: the shop gives no tags and no stock"]);
  });

  it("shrink to a single product's fewest variants before they are refused", async () => {
    const variants = Array.from({ length: 12 }, (_, n) => ({
      id: String(n),
      price: "1",
      options: { Size: String(n) },
    }));
    const product = { ...many(1)[0]!, options: ["Size"], variants };
    const { products } = await read({ products: [product], maxCost: 8 });
    expect(products[0]?.variants).toHaveLength(12);
    expect(await refused({ products: [product], maxCost: 3 })).toMatch(/Complexity exceeded/);
  });

  it("of variants are followed too", async () => {
    const variants = Array.from({ length: 777 }, (_, n) => ({
      id: String(n + 1),
      price: `${n + 1}.0`,
      options: { Size: `No ${n}` },
    }));
    const product = { ...tea, options: ["Size"], variants };
    const { products } = await read({ products: [product, ...many(1)], token: TOKEN }, TOKEN);
    expect(products.map(({ id }) => id)).toEqual(["green-tea", "tea-0"]);
    expect(products[0]?.variants.map(({ id }) => id)).toEqual(variants.map(({ id }) => id));
    expect(products[0]).toMatchObject({ price: 1, price_max: 777 });
    expect(stub.asked).toHaveLength(1 + 4);
  });

  it("that lead nowhere new end, and a product that comes twice is in the catalogue once", async () => {
    const { products } = await read({ products: [...many(2), ...many(1)] });
    expect(products).toHaveLength(2);
    stub.interfere = (_asked, _count, response) => {
      const connection = { pageInfo: { hasNextPage: true, endCursor: "here" }, nodes: [] };
      json(response, { data: { products: connection } });
      return true;
    };
    expect(await refused({})).toMatch(/pages of products lead nowhere new/);
  });

  it("without an end are not read for ever", async () => {
    const [product] = many(1);
    const { data } = await answerFor({ products: [product!] });
    const nodes = Array.from({ length: 250 }, () => data.products.nodes[0]);
    stub.interfere = (_asked, count, response) => {
      json(response, { data: { products: { nodes, pageInfo: { hasNextPage: true, endCursor: `page ${count}` } } } });
      return true;
    };
    stub.asked.length = 0;
    expect(await refused({})).toMatch(/more than 10000 products; divide it/);
    expect(stub.asked).toHaveLength(41);
  });

  it("stop where the catalogue would not fit into a store's record", async () => {
    const html = "x".repeat(20_000);
    const products = many(1400).map((product) => ({ ...product, html }));
    expect(await refused({ products, token: TOKEN }, TOKEN)).toMatch(/more than 26214400 bytes; divide the shop/);
  }, 60_000);
});

describe("a token", () => {
  it("is sent, and without one nothing that needs it is asked for", async () => {
    await read({ products: [tea], token: TOKEN }, TOKEN);
    await read({ products: [tea], token: TOKEN });
    expect(stub.asked.map(({ token, variables }) => [token, variables["tags"], variables["stock"]])).toEqual([
      [TOKEN, true, true],
      [undefined, false, false],
    ]);
  });

  it("that does not open the stock is used without it, and this is said", async () => {
    const { products, said } = await read({ products: [tea], token: TOKEN, stock: false }, TOKEN);
    expect(products[0]).toMatchObject({
      tags: ["green", "leaf"],
      variants: [{ inventory: null }, { inventory: null }],
    });
    expect(said).toEqual(["the token does not open quantityAvailable: left out"]);
  });
});
