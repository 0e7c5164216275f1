import { Edge, eventually, SIGNING_KEY } from "../harness";
import { answerOf, DOMAIN, effect, macOf, SECRET, sendWebhook, shopifyProduct, type Sending } from "../support/shopify";
import { storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";
const NEXT_SECRET = "the-next-secret-of-all";

beforeAll(async () => {
  await edge.start({ SHOPIFY_WEBHOOK_SECRETS: ` ${SECRET} , ${NEXT_SECRET}` });
  await edge.putStore(storeRecord(STORE, { shopify_domain: DOMAIN }));
  await edge.putStore(storeRecord("by-host", { shop_url: "https://by-host.example/" }));
  await edge.putStore(storeRecord("named"));
});
afterAll(() => edge.stop());

const send = (topic: string, payload: unknown, sending?: Sending) =>
  answerOf(sendWebhook(edge, topic, payload, sending));
const refusal = (status: number, code: string, field?: string) => ({
  status,
  body: { error: expect.objectContaining(field === undefined ? { code } : { code, field }) as unknown },
});

/** What pages of the store say, once it is true. */
async function untilPage(says: (html: string) => boolean, what: string, slug = STORE): Promise<string> {
  return eventually(async () => {
    const html = await (await edge.fetch(`/s/${slug}`)).text();
    return says(html) ? html : undefined;
  }, what);
}

describe("who may send", () => {
  const tea = shopifyProduct({ id: 1, handle: "nobody-sees-this", price: "0.01" });

  it.each([
    ["without a signature", { headers: { "X-Shopify-Hmac-Sha256": null } }],
    ["with another secret's", { secret: "some other secret" }],
    ["with another body's", { headers: { "X-Shopify-Hmac-Sha256": macOf("{}") } }],
    ["with no base64", { headers: { "X-Shopify-Hmac-Sha256": "?" } }],
    ["with hex", { headers: { "X-Shopify-Hmac-Sha256": Buffer.from(macOf("{}"), "base64").toString("hex") } }],
  ])("is not somebody %s", async (_, sending) => {
    expect(await send("products/update", tea, sending)).toEqual(refusal(401, "BAD_SIGNATURE"));
    expect(await send("orders/create", tea, sending)).toEqual(refusal(401, "BAD_SIGNATURE"));
  });

  it("is whoever has either secret", async () => {
    for (const secret of [SECRET, NEXT_SECRET]) {
      const payload = { id: secret.length };
      expect(await send("products/delete", payload, { secret })).toEqual(effect("unmatched"));
    }
  });

  it("takes the bytes as they are: spaces, escapes and letters of any script", async () => {
    const body = JSON.stringify(tea, null, 3)
      .replace("Shopify's", "Thé – 🍵 \\u003Cb\\u003E")
      .replace('"id": 1,', '"id": 11,');
    expect(await send("products/update", body, { headers: { "X-Shopify-Test": "true" } })).toEqual(effect("test"));
  });
});

describe("what is sent", () => {
  const tea = shopifyProduct({ id: 2, handle: "second" });

  it("has one topic, of those that are acted on", async () => {
    const contradiction = { headers: { "X-Shopify-Topic": "products/delete" } };
    expect(await send("products/update", tea, contradiction)).toEqual(refusal(400, "BAD_REQUEST", "X-Shopify-Topic"));
    const unknown = await send("orders/create", { id: 1 });
    expect(unknown).toEqual(refusal(404, "NOT_FOUND"));
    expect(JSON.stringify(unknown.body)).toContain("customers/redact");
    // From the address alone, and from the header alone.
    expect(await send("products/delete", { id: 3 }, { headers: { "X-Shopify-Topic": null } })).toEqual(
      effect("unmatched"),
    );
    expect(await send("", { id: 4 }, { headers: { "X-Shopify-Topic": "products/delete" } })).toEqual(
      effect("unmatched"),
    );
  });

  it.each([
    ["no JSON", "products/update", "{", "body"],
    ["no object", "products/update", "3", "body"],
    ["a product without an id", "products/update", { ...tea, id: undefined }, "id"],
    ["a product with an id that is none", "products/delete", { id: "a" }, "id"],
    ["no object", "customers/redact", "[]", "body"],
    ["another shop than the header's", "shop/redact", { shop_domain: "other.myshopify.com" }, "shop_domain"],
  ])("is refused when it is %s (%s)", async (_, topic, payload, field) => {
    expect(await send(topic, payload)).toEqual(refusal(400, "BAD_REQUEST", field));
  });

  it.each(["X-Shopify-Webhook-Id", "X-Shopify-Shop-Domain"])("is refused without %s", async (header) => {
    expect(await send("products/update", tea, { headers: { [header]: null } })).toEqual(
      refusal(400, "BAD_REQUEST", header),
    );
    expect(await send("products/update", tea, { headers: { [header]: "a b/c" } })).toEqual(
      refusal(400, "BAD_REQUEST", header),
    );
  });

  it("may be as large as a product of 2,048 variants, and no larger than 4 MB", async () => {
    const variants = Array.from({ length: 2048 }, (_, n) => ({
      ...tea.variants[0],
      id: 900_000 + n,
      option1: `Size ${n}`,
    }));
    const large = { ...tea, id: 5, handle: "large", options: [{ name: "Size" }], variants };
    expect(JSON.stringify(large).length).toBeGreaterThan(700_000);
    expect(await send("products/update", large)).toEqual(effect("applied"));
    const larger = { ...tea, body_html: "a".repeat(4 * 1024 * 1024) };
    expect(await send("products/update", larger)).toEqual(refusal(413, "BODY_TOO_LARGE"));
    // Other routes keep their own limit.
    const track = await edge.fetch("/api/shopper/track", { method: "POST", body: "a".repeat(300_000) });
    expect(track.status).toBe(413);
  });

  it("does nothing when it was sent by hand from the shop's settings", async () => {
    const sample = shopifyProduct({ id: 6, handle: "example-t-shirt" });
    expect(await send("products/create", sample, { headers: { "X-Shopify-Test": "true" } })).toEqual(effect("test"));
  });

  it("takes POST alone", async () => {
    const response = await edge.fetch("/webhook/shopify/products/update");
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "POST"]);
  });
});

describe("whose it is", () => {
  it("is the store's of that domain, or the one whose address has that host", async () => {
    const headers = { "X-Shopify-Shop-Domain": "BY-HOST.example" };
    const thing = shopifyProduct({ id: 20, handle: "by-host-only" });
    expect(await send("products/create", thing, { headers })).toEqual(effect("applied"));
    await untilPage((html) => html.includes("by-host-only"), "the product of by-host", "by-host");
    expect(await (await edge.fetch(`/s/${STORE}`)).text()).not.toContain("by-host-only");
  });

  it("is nobody's where no store has that domain, which is no failure that ends the subscription", async () => {
    const headers = { "X-Shopify-Shop-Domain": "stranger.myshopify.com" };
    expect(await send("products/update", shopifyProduct({ id: 21, handle: "strange" }), { headers })).toEqual(
      effect("unknown_store"),
    );
  });

  it("is the store's that ?store= names, unless that one belongs to another domain", async () => {
    const headers = { "X-Shopify-Shop-Domain": "stranger.myshopify.com" };
    const named = (handle: string, store: string) =>
      send("products/update", shopifyProduct({ id: 22, handle }), { headers, query: `?store=${store}` });
    expect(await named("named-only", "named")).toEqual(effect("applied"));
    expect(await named("named-only", STORE)).toEqual(effect("unknown_store"));
    expect(await named("named-only", "no-such-store")).toEqual(effect("unknown_store"));
    expect(await named("named-only", "No Store")).toEqual(refusal(400, "BAD_STORE", "store"));
    await untilPage((html) => html.includes("named-only"), "the product of the named store", "named");
  });
});

describe("a webhook that cannot be stored", () => {
  it("is 503 and comes again, to have its effect then", async () => {
    const stores = await edge.mf.getKVNamespace("STORES");
    await stores.delete(`store:${STORE}`);
    const again = { headers: { "X-Shopify-Webhook-Id": "sent-twice" } };
    const thing = shopifyProduct({ id: 90, handle: "came-again" });
    expect(await send("products/create", thing, again)).toEqual(refusal(503, "NOT_TAKEN"));
    await edge.putStore(storeRecord(STORE, { shopify_domain: DOMAIN }));
    await eventually(async () => {
      const answer = await send("products/create", thing, again);
      return answer.status === 200 ? (expect(answer).toEqual(effect("applied")) ?? true) : undefined;
    }, "the webhook to be taken");
    await untilPage((html) => html.includes("came-again"), "its product");
  });
});

test("without secrets nobody is let in", async () => {
  await edge.restart({ SHOPIFY_WEBHOOK_SECRETS: "" });
  const thing = shopifyProduct({ id: 1, handle: "thing-1" });
  for (const secret of [SECRET, "", SIGNING_KEY]) {
    expect(await send("products/update", thing, { secret })).toEqual(refusal(401, "BAD_SIGNATURE"));
  }
});
