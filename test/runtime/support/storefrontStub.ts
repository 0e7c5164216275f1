import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { graphql, GraphQLError } from "graphql";
import { close, listen } from "../../support/loopback";
import { STOREFRONT_SCHEMA } from "./storefrontSchema";

export interface StubVariant {
  id: string;
  price: string;
  compareAt?: string;
  options?: Record<string, string>;
  available?: boolean;
  stock?: number;
  image?: string;
}

export interface StubProduct {
  id: string;
  handle: string;
  title?: string;
  html?: string;
  type?: string;
  category?: string;
  tags?: string[];
  url?: string | null;
  options?: string[];
  images?: { url: string; altText: string | null }[];
  variants: StubVariant[];
  subscription?: boolean;
}

export interface Asked {
  query: string;
  variables: Record<string, unknown>;
  token: string | undefined;
}

/** Answers in place of the schema; undefined lets the schema answer. */
export type Interfere = (asked: Asked, count: number, response: ServerResponse) => boolean | undefined;

export interface StubShop {
  products?: StubProduct[];
  currency?: string;
  name?: string;
  /** The shop's own address. */
  url?: string;
  /** What a shop has that chose a brand in its settings. */
  brand?: { slogan: string | null; primary: (string | null)[]; secondary: (string | null)[] };
  /** What opens tags and stock; without it the shop takes everybody for a stranger. */
  token?: string;
  /** Whether that token has the scope for stock. */
  stock?: boolean;
  /** The most that a query without a token may cost. */
  maxCost?: number;
  cart?: (lines: { merchandiseId: string; quantity: number }[]) => {
    checkoutUrl?: string;
    userErrors?: { message: string; field?: string[] }[];
  };
}

/**
 * A shop's Storefront API on loopback, over real HTTP: every query is validated against the real schema's types and then
 * carried out. What a query needs and lacks (a token, a scope, a cheaper query) is refused in Shopify's words.
 */
export class StorefrontStub {
  readonly asked: Asked[] = [];
  interfere: Interfere = () => undefined;
  #server: Server | undefined;

  constructor(public shop: StubShop = {}) {}

  async listen(): Promise<string> {
    const server = createServer((request, response) => void this.#answer(request, response));
    this.#server = server;
    return `${await listen(server)}/api/2026-10/graphql.json`;
  }

  async close(): Promise<void> {
    if (this.#server !== undefined) await close(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked;
    const token = request.headers["x-shopify-storefront-access-token"]?.toString();
    const asked = { query, variables, token };
    this.asked.push(asked);
    if (this.interfere(asked, this.asked.length, response) === true) return;
    const known = this.shop.token !== undefined && token === this.shop.token;
    const cost = costOf(variables);
    const { maxCost } = this.shop;
    if (!known && maxCost !== undefined && cost > maxCost) {
      const extensions = { code: "MAX_COMPLEXITY_EXCEEDED", cost, maxCost };
      return json(response, { errors: [{ message: "Complexity exceeded", extensions }] });
    }
    const rootValue = root(this.shop, known);
    json(response, await graphql({ schema: STOREFRONT_SCHEMA, source: query, variableValues: variables, rootValue }));
  }
}

export function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "Content-Type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(body));
}

/** Roughly as Shopify counts: an object is 1, and everything in a list once for each that may come. */
function costOf(variables: Record<string, unknown>): number {
  const number = (name: string): number => Number(variables[name] ?? 0);
  const variants = "variants" in variables ? number("variants") : 0;
  return number("first") * ("variants" in variables ? 3 + number("images") + variants * 4 : 4);
}

function root({ products = [], currency = "EUR", stock = true, cart, ...about }: StubShop, known: boolean) {
  const denied = (field: string): never => {
    throw new GraphQLError(`Access denied for ${field} field.`, { extensions: { code: "ACCESS_DENIED" } });
  };
  const money = (amount: string | undefined) => (amount === undefined ? null : { amount, currencyCode: currency });
  const variant = ({ id, price, compareAt, options, available = true, stock: units, image }: StubVariant) => ({
    id: `gid://shopify/ProductVariant/${id}`,
    title: Object.values(options ?? {}).join(" / ") || "Default Title",
    sku: `SKU-${id}`,
    availableForSale: available,
    quantityAvailable: () => (known && stock ? (units ?? null) : denied("quantityAvailable")),
    price: money(price),
    compareAtPrice: money(compareAt),
    selectedOptions: Object.entries(options ?? { Title: "Default Title" }).map(([name, value]) => ({ name, value })),
    image: image === undefined ? null : { url: image, altText: null },
  });
  const product = (given: StubProduct) => ({
    id: `gid://shopify/Product/${given.id}`,
    handle: given.handle,
    title: given.title ?? given.handle,
    descriptionHtml: given.html ?? "",
    vendor: "Maker",
    productType: given.type ?? "",
    category: given.category === undefined ? null : { id: "c", name: given.category },
    tags: () => (known ? (given.tags ?? []) : denied("tags")),
    isGiftCard: false,
    requiresSellingPlan: given.subscription ?? false,
    onlineStoreUrl: given.url ?? null,
    options: (given.options ?? ["Title"]).map((name) => ({ id: name, name })),
    images: (page: Page) => connection(given.images ?? [], page),
    variants: (page: Page) => connection(given.variants.map(variant), page),
  });
  const { name = "A shop", url = "https://shop.example", brand } = about;
  const groups = (colours: (string | null)[]) => colours.map((background) => ({ background, foreground: null }));
  const { slogan = null, primary = [], secondary = [] } = brand ?? {};
  return {
    shop: {
      id: "gid://shopify/Shop/1",
      name,
      primaryDomain: { host: new URL(url).host, sslEnabled: true, url },
      paymentSettings: { countryCode: "DE", currencyCode: currency },
      brand: brand && { slogan, colors: { primary: groups(primary), secondary: groups(secondary) } },
    },
    products: (page: Page) => connection(products.map(product), page),
    product: ({ id }: { id: string }) => products.map(product).find((one) => one.id === id) ?? null,
    cartCreate: ({ input }: { input: { lines: { merchandiseId: string; quantity: number }[] } }) => {
      const made = cart?.(input.lines) ?? {};
      const { checkoutUrl, userErrors = [] } = made;
      const whole = checkoutUrl === undefined ? null : { id: "gid://shopify/Cart/1", checkoutUrl, totalQuantity: 1 };
      return { cart: whole, userErrors };
    },
  };
}

interface Page {
  first: number;
  after?: string | null;
}

function connection<Item>(items: readonly Item[], { first, after }: Page) {
  if (first < 1 || first > 250) throw new GraphQLError("first must be from 1 to 250");
  const start = after === null || after === undefined ? 0 : Number(after.replace("cursor-", ""));
  const end = Math.min(items.length, start + first);
  const pageInfo = { hasNextPage: end < items.length, hasPreviousPage: start > 0, endCursor: `cursor-${end}` };
  return { nodes: items.slice(start, end), pageInfo };
}
