import type { StoreRecord } from "../../../runtime/contract/store";
import { StorefrontStub } from "../support/storefrontStub";
import { Edge, eventually } from "./harness";
import { product, storeRecord } from "./support/store";

jest.setTimeout(60_000);

const edge = new Edge();
const stub = new StorefrontStub();
let api = "";

const variant = (id: string, available = true) => ({ ...product(0).variants[0]!, id, available });
const products = [
  { ...product(1), variants: [variant("101"), variant("102", false)] },
  { ...product(2), available: false, variants: [variant("201", false)] },
];
const put = (slug: string, more: Partial<StoreRecord>) =>
  edge.putStore(storeRecord(slug, { catalogue: { version: "0123456789abcdef", products }, ...more }));

beforeAll(async () => {
  [api] = await Promise.all([stub.listen(), edge.start()]);
  await put("links", { checkout: { kind: "permalink" } });
  await put("carts", { checkout: { kind: "cart", api }, shopify_domain: "tea-house.myshopify.com" });
  await put("pages", {});
});
afterAll(() => Promise.all([edge.stop(), stub.close()]));
beforeEach(() => {
  stub.asked.length = 0;
  stub.interfere = () => undefined;
  stub.shop = { cart: () => ({ checkoutUrl: "https://tea-house.myshopify.com/cart/c/made" }) };
});

const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  edge.fetch("/api/cart", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const led = async (fields: Record<string, string>) => {
  const response = await send(fields);
  return [response.status, response.headers.get("Location")];
};

describe("POST /api/cart", () => {
  it("leads to the shop's cart, with what was chosen in it and no price", async () => {
    const response = await send({ store: "links", variant: "101", quantity: "3" });
    expect([response.status, response.headers.get("Location")]).toEqual([
      303,
      "https://shop.example/cart/101:3?storefront=true",
    ]);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.text()).toBe("");
  });

  it.each(["1", "99"])("takes the quantity %s, and 1 where none is given", async (quantity) => {
    expect((await led({ store: "links", variant: "101", quantity }))[1]).toContain(`/cart/101:${quantity}?`);
    expect((await led({ store: "links", variant: "101" }))[1]).toContain("/cart/101:1?");
  });

  it("leads to the checkout of a cart that the Storefront API made", async () => {
    expect(await led({ store: "carts", variant: "101", quantity: "2" })).toEqual([
      303,
      "https://tea-house.myshopify.com/cart/c/made",
    ]);
    expect(stub.asked[0]?.variables).toEqual({
      input: { lines: [{ merchandiseId: "gid://shopify/ProductVariant/101", quantity: 2 }] },
    });
  });

  it.each<[string, () => void]>([
    ["refuses", () => (stub.shop = { cart: () => ({ userErrors: [{ message: "The merchandise is sold out" }] }) })],
    ["names another shop's checkout", () => (stub.shop = { cart: () => ({ checkoutUrl: "https://evil.example/" }) })],
    ["breaks off", () => (stub.interfere = (_asked, _count, response) => response.destroy() && true)],
  ])("leads by the shop's link where the API %s", async (_what, arrange) => {
    arrange();
    expect(await led({ store: "carts", variant: "101" })).toEqual([303, "https://shop.example/cart/101:1"]);
  });

  it("waits five seconds at most for the API", async () => {
    stub.interfere = () => true;
    const from = Date.now();
    expect(await led({ store: "carts", variant: "101" })).toEqual([303, "https://shop.example/cart/101:1"]);
    expect(Date.now() - from).toBeLessThan(9_000);
  });

  it("leads to the product's page in a shop of which no cart is known", async () => {
    expect(await led({ store: "pages", variant: "101" })).toEqual([303, "https://shop.example/products/thing-1"]);
  });

  it.each([
    ["is sold out", { variant: "102" }, 409, "SOLD_OUT"],
    ["of a product that is sold out", { variant: "201" }, 409, "SOLD_OUT"],
    ["is not in today's catalogue", { variant: "999" }, 410, "UNKNOWN_VARIANT"],
    ["is two", { variant: "101:1,102" }, 410, "UNKNOWN_VARIANT"],
    ["is not said", {}, 400, "BAD_REQUEST"],
    ["is empty", { variant: "" }, 400, "BAD_REQUEST"],
  ])("refuses a variant that %s", async (_what, fields, status, code) => {
    const response = await send({ store: "links", ...fields });
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code, field: "variant" } }]);
    expect(response.headers.get("Location")).toBeNull();
  });

  it.each(["0", "100", "-1", "1.5", "1e1", "", " 1", "01", "many", "0x1"])(
    "refuses the quantity %j",
    async (quantity) => {
      const response = await send({ store: "links", variant: "101", quantity });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: { code: "BAD_REQUEST", field: "quantity" } },
      ]);
    },
  );

  it("sees a variant that has sold out since the page was made, and one that came", async () => {
    await put("changing", { checkout: { kind: "permalink" } });
    expect((await led({ store: "changing", variant: "101" }))[0]).toBe(303);
    const today = [{ ...products[0]!, variants: [variant("101", false), variant("103")] }];
    await put("changing", {
      checkout: { kind: "permalink" },
      catalogue: { version: "0123456789abcdef", products: today },
    });
    const statusOf = async (id: string) => (await led({ store: "changing", variant: id }))[0];
    await eventually(async () => ((await statusOf("101")) === 409 ? true : undefined), "the change to be seen");
    expect((await led({ store: "changing", variant: "103" }))[0]).toBe(303);
  });

  it.each([
    ["an unknown store", { store: "nowhere", variant: "101" }, {}, 404, "UNKNOWN_STORE"],
    ["a store that cannot be one", { store: "../x", variant: "101" }, {}, 400, "BAD_STORE"],
    ["JSON", { store: "links", variant: "101" }, { "Content-Type": "application/json" }, 400, "BAD_REQUEST"],
    ["another site's page", { store: "links", variant: "101" }, { "Sec-Fetch-Site": "cross-site" }, 403, "CROSS_SITE"],
  ])("refuses %s", async (_what, fields, headers, status, code) => {
    const response = await send(fields, headers);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });

  it("tells a reader with a browser in words, on a page", async () => {
    const response = await send({ store: "links", variant: "102" }, { Accept: "text/html,*/*" });
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html/);
    expect(await response.text()).toContain("<h1>This has sold out</h1>");
  });

  it("takes no other method, and no body that is large", async () => {
    expect((await edge.fetch("/api/cart?store=links&variant=101")).status).toBe(405);
    expect((await send({ store: "links", variant: "1".repeat(300_000) })).status).toBe(413);
  });

  it("counts by the way that was gone, and logs no address of a cart", async () => {
    stub.shop = { cart: () => ({ checkoutUrl: "https://evil.example/?key=planted-key" }) };
    await send({ store: "carts", variant: "101" });
    expect(edge.log.join("")).toContain('"cart_create_failed"');
    expect(edge.log.join("")).not.toContain("planted-key");
  });
});

describe("GET /s/{store}", () => {
  it("has the forms, and a policy that lets them through", async () => {
    const links = await edge.fetch("/s/links");
    expect(await links.text()).toContain('action="https://shop.example/cart/101:1"');
    expect(links.headers.get("Content-Security-Policy")).toContain("; form-action 'self' https://shop.example;");
    const carts = await edge.fetch("/s/carts");
    expect(await carts.text()).toContain('action="/api/cart"');
    expect(carts.headers.get("Content-Security-Policy")).toContain(
      "; form-action 'self' https://shop.example https://tea-house.myshopify.com https://shop.app;",
    );
  });
});
