import { createHmac, randomUUID } from "node:crypto";
import type { Response } from "miniflare";
import type { Edge } from "../harness";

export const SECRET = "hush-hush-hush-hush";
export const DOMAIN = "tea.myshopify.com";

export const macOf = (body: string | Buffer, secret: string = SECRET): string =>
  createHmac("sha256", secret).update(body).digest("base64");

export interface Sending {
  /** Headers in place of the usual ones; null leaves one out. */
  headers?: Record<string, string | null>;
  secret?: string;
  /** Behind the address, such as `?store=tea`. */
  query?: string;
}

/** Sends a webhook as Shopify does. */
export function sendWebhook(
  edge: Pick<Edge, "fetch">,
  topic: string,
  payload: unknown,
  { headers = {}, secret = SECRET, query = "" }: Sending = {},
): Promise<Response> {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const all = {
    "Content-Type": "application/json",
    "X-Shopify-Topic": topic,
    "X-Shopify-Hmac-Sha256": macOf(body, secret),
    "X-Shopify-Shop-Domain": DOMAIN,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": randomUUID(),
    "X-Shopify-Triggered-At": new Date().toISOString(),
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
  return edge.fetch(`/webhook/shopify${topic && `/${topic}`}${query}`, { method: "POST", body, headers: sent });
}

/** The answer's status and body, as tests compare them. */
export async function answerOf(sent: Promise<Response>): Promise<{ status: number; body: unknown }> {
  const response = await sent;
  return { status: response.status, body: await response.json() };
}

/** An answer of `effect`. */
export const effect = (name: string) => ({ status: 200, body: { effect: name } });

interface ProductWords {
  id: number;
  handle: string;
  price?: string;
  updatedAt?: string;
  quantity?: number;
}

/** A product as `products/update` of 2026-10 has it: tags are one text, and nothing says whether stock is counted. */
export function shopifyProduct({ id, handle, price = "12.50", updatedAt, quantity = 9 }: ProductWords) {
  return {
    admin_graphql_api_id: `gid://shopify/Product/${id}`,
    id,
    handle,
    title: `Shopify's ${handle}`,
    body_html: `<p>All of <b>${handle}</b></p>`,
    vendor: "Shop & Co",
    product_type: "Wands",
    created_at: "2026-01-01T00:00:00+01:00",
    published_at: "2026-01-02T00:00:00+01:00" as string | null,
    updated_at: updatedAt ?? new Date().toISOString(),
    published_scope: "global",
    template_suffix: null,
    status: "active",
    tags: "thing, shopify",
    options: [{ id: id * 10 + 1, product_id: id, name: "Title", position: 1, values: ["Default Title"] }],
    variants: [
      {
        admin_graphql_api_id: `gid://shopify/ProductVariant/${id * 10}`,
        id: id * 10,
        product_id: id,
        title: "Default Title",
        option1: "Default Title",
        option2: null,
        option3: null,
        sku: null,
        barcode: null,
        price,
        compare_at_price: null as string | null,
        position: 1,
        inventory_policy: "deny",
        inventory_item_id: id * 10 + 2,
        inventory_quantity: quantity,
        old_inventory_quantity: quantity,
        taxable: true,
        image_id: null,
      },
    ] as Record<string, unknown>[],
    images: [
      { id: id * 10 + 3, product_id: id, position: 1, alt: null, src: `https://pictures.example/${handle}.jpg` },
    ],
    image: null,
    media: [],
    variant_gids: [
      { admin_graphql_api_id: `gid://shopify/ProductVariant/${id * 10}`, updated_at: "2026-01-01T00:00:00.000Z" },
    ],
    has_variants_that_requires_components: false,
    category: null as { full_name: string } | null,
  };
}
