import * as fc from "fast-check";
import { validate, parse } from "graphql";
import type { Checkout } from "../../../../runtime/contract/store";
import { CART_CREATE, cartCreate } from "../../../../runtime/worker/checkout/cartCreate";
import { formTargets, ownAddress } from "../../../../runtime/worker/checkout/origins";
import { checkoutTarget } from "../../../../runtime/worker/checkout/target";
import { STOREFRONT_SCHEMA } from "../../support/storefrontSchema";
import { StorefrontStub } from "../../support/storefrontStub";

const SHOP = "https://tea.example";
const API = "https://tea-house.myshopify.com/api/2026-10/graphql.json";
const cart: Checkout = { kind: "cart", api: API, domain: "pay.tea.example" };
const shopWith = (checkout?: Checkout) => ({
  shop_url: `${SHOP}/`,
  shopify_domain: "tea-house.myshopify.com",
  ...(checkout && { checkout }),
});
const line = { product: { url: `${SHOP}/products/tea` }, variant: { id: "42" }, quantity: 3 };
const none = () => Promise.reject(new Error("nobody was to be asked"));
const says = (address: string) => () => Promise.resolve(address);

describe("where a line is bought", () => {
  it("is the shop's cart in a shop with permalinks", async () => {
    expect(await checkoutTarget(shopWith({ kind: "permalink" }), line, none)).toEqual({
      address: `${SHOP}/cart/42:3?storefront=true`,
      outcome: "permalink",
    });
  });

  it.each([
    ["a record from before", undefined, line],
    ["a shop of which no cart is known", { kind: "product" } as const, line],
    ["a variant that is none of Shopify's", { kind: "permalink" } as const, { ...line, variant: { id: "tea:1" } }],
    ["a variant that is a path", cart, { ...line, variant: { id: "42:1,43" } }],
  ])("is the product's page for %s", async (_what, checkout, given) => {
    expect(await checkoutTarget(shopWith(checkout), given, none)).toEqual({
      address: `${SHOP}/products/tea`,
      outcome: "product",
    });
  });

  it("is the shop where the product's page is not in it", async () => {
    const elsewhere = { ...line, product: { url: "https://evil.example/products/tea" } };
    expect((await checkoutTarget(shopWith(), elsewhere, none)).address).toBe(`${SHOP}/`);
  });

  it.each([`${SHOP}/cart/c/abc?key=1`, "https://tea-house.myshopify.com/cart/c/abc", "https://pay.tea.example/c/1"])(
    "is the checkout that the API names at a domain of the shop: %s",
    async (address) => {
      expect(await checkoutTarget(shopWith(cart), line, says(address))).toEqual({ address, outcome: "cart" });
    },
  );

  it.each([
    "https://evil.example/cart/c/abc",
    "https://other-shop.myshopify.com/cart/c/abc",
    "https://tea.example.evil.example/",
    "https://tea.example:8443/",
    "https://tea.example@evil.example/",
    "https://user:password@tea.example/",
    "http://tea.example/cart/c/abc",
    "http://tea-house.myshopify.com/",
    "//evil.example/",
    "/cart",
    "javascript:alert(1)",
    "",
  ])("is the shop's own link where the API names %j", async (address) => {
    const target = await checkoutTarget(shopWith(cart), line, says(address));
    expect(target).toMatchObject({ address: `${SHOP}/cart/42:3`, outcome: "fallback" });
    expect(String(target.cause)).toMatch(/at none of the shop's domains/);
  });

  it("is the shop's own link where there is no cart", async () => {
    const target = await checkoutTarget(shopWith(cart), line, none);
    expect(target).toMatchObject({ address: `${SHOP}/cart/42:3`, outcome: "fallback" });
  });

  it("is never anywhere but at the shop's own origins, whatever anybody says", async () => {
    const hostile = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: "binary" }),
      fc
        .tuple(
          fc.constantFrom("https://", "http://", "//", "\\\\", "https:\\"),
          fc.string(),
          fc.constantFrom("", "@", "."),
        )
        .map(([scheme, text, end]) => `${scheme}tea.example${end}${text}`),
    );
    const checkouts = fc.constantFrom<Checkout | undefined>(
      { kind: "permalink" },
      { kind: "product" },
      cart,
      undefined,
    );
    const own = [SHOP, "https://tea-house.myshopify.com", "https://pay.tea.example"];
    await fc.assert(
      fc.asyncProperty(checkouts, hostile, hostile, fc.oneof(fc.constant("42"), fc.string()), async (...given) => {
        const [checkout, url, checkoutUrl, id] = given;
        const { address } = await checkoutTarget(
          shopWith(checkout),
          { product: { url }, variant: { id }, quantity: 1 },
          says(checkoutUrl),
        );
        const { origin, username } = new URL(address);
        expect(own).toContain(origin);
        expect(username).toBe("");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a page's forms", () => {
  it("may lead to us and to the shop, and with the API along Shopify's checkout", () => {
    expect(formTargets(shopWith({ kind: "permalink" }))).toEqual(["'self'", SHOP]);
    expect(formTargets(shopWith())).toEqual(["'self'", SHOP]);
    expect(formTargets(shopWith(cart))).toEqual([
      "'self'",
      SHOP,
      "https://tea-house.myshopify.com",
      "https://pay.tea.example",
      "https://shop.app",
    ]);
  });

  it("find no other shop's address to be this one's", () => {
    expect(ownAddress(shopWith(cart), "https://shop.app/")).toBeUndefined();
    expect(ownAddress(shopWith({ kind: "permalink" }), "https://tea-house.myshopify.com/")).toBeUndefined();
  });
});

describe("a cart of the Storefront API", () => {
  const stub = new StorefrontStub();
  let api = "";
  beforeAll(async () => (api = await stub.listen()));
  afterAll(() => stub.close());
  beforeEach(() => {
    stub.interfere = () => undefined;
    stub.asked.length = 0;
  });

  it("is asked for in the API's own terms, without a token", async () => {
    expect(validate(STOREFRONT_SCHEMA, parse(CART_CREATE))).toEqual([]);
    stub.shop = {
      cart: ([first]) => ({
        checkoutUrl: `https://tea.example/c/${first?.merchandiseId.split("/").at(-1)}x${first?.quantity}`,
      }),
    };
    expect(await cartCreate(api, "42", 3)).toBe("https://tea.example/c/42x3");
    expect(stub.asked[0]?.token).toBeUndefined();
  });

  it.each<[string, StorefrontStub["shop"]["cart"], RegExp]>([
    [
      "a userError",
      () => ({ checkoutUrl: "https://tea.example/c", userErrors: [{ message: "no" }] }),
      /made no cart: no code/,
    ],
    ["no cart and no reason", () => ({}), /made no cart: no reason/],
    ["a checkout that is missing", () => ({ checkoutUrl: null as unknown as string }), /what is no cart/],
  ])("that comes with %s is none", async (_what, made, expected) => {
    stub.shop = { cart: made };
    await expect(cartCreate(api, "42", 1)).rejects.toThrow(expected);
  });

  it.each([
    [430, {}, "", /HTTP 430/],
    [302, { Location: "https://evil.example" }, "", /HTTP 302/],
    [200, { "Content-Type": "application/json" }, '{"errors":[{"message":"Throttled"}]}', /what is no cart/],
    [200, { "Content-Type": "text/html" }, "<!doctype html>", /JSON/],
  ])("is none where the API answers %i %j %j", async (status, headers, body, expected) => {
    stub.interfere = (_asked, _count, response) => {
      response.writeHead(status, headers as Record<string, string>).end(body);
      return true;
    };
    await expect(cartCreate(api, "42", 1)).rejects.toThrow(expected);
  });
});
