import { Edge, eventually } from "../harness";
import { answerOf, DOMAIN, effect, SECRET, sendWebhook, shopifyProduct, type Sending } from "../support/shopify";
import { product, storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";

beforeAll(async () => {
  await edge.start({ SHOPIFY_WEBHOOK_SECRETS: SECRET });
  await edge.putStore(storeRecord(STORE, { shopify_domain: DOMAIN }));
});
afterAll(() => edge.stop());

const send = (topic: string, payload: unknown, sending?: Sending) =>
  answerOf(sendWebhook(edge, topic, payload, sending));

/** What pages of the store say, once it is true. */
async function untilPage(says: (html: string) => boolean, what: string, slug = STORE): Promise<string> {
  return eventually(async () => {
    const html = await (await edge.fetch(`/s/${slug}`)).text();
    return says(html) ? html : undefined;
  }, what);
}

describe("a product that the shop changes", () => {
  const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();
  const says = (price: string) => (html: string) => html.includes(price);

  it("is on the next page, and a replay of its webhook has no second effect", async () => {
    const id = 30;
    const first = { headers: { "X-Shopify-Webhook-Id": "first-of-thirty" } };
    const older = shopifyProduct({ id, handle: "thing-3", price: "301.00", updatedAt: at(1) });
    expect(await send("products/update", older, first)).toEqual(effect("applied"));
    await untilPage(says("€301"), "the first price");
    const newer = shopifyProduct({ id, handle: "thing-3", price: "302.00", updatedAt: at(2) });
    expect(await send("products/update", newer)).toEqual(effect("applied"));
    await untilPage(says("€302"), "the second price");
    expect(await send("products/update", older, first)).toEqual(effect("replayed"));
    // The same again under a new id: it is older than what is known.
    expect(await send("products/update", older)).toEqual(effect("stale"));
    expect(await (await edge.fetch(`/s/${STORE}`)).text()).toContain("€302");
  });

  it("is as its newest webhook says, in whatever order they come", async () => {
    const update = (price: string, second: number, triggered: number) =>
      send("products/update", shopifyProduct({ id: 31, handle: "thing-4", price, updatedAt: at(second) }), {
        headers: { "X-Shopify-Triggered-At": at(triggered) },
      });
    expect(await update("411.00", 5, 5)).toEqual(effect("applied"));
    expect(await update("410.00", 4, 9)).toEqual(effect("stale"));
    // Two of one second: the one that was made later.
    expect(await update("412.00", 5, 6)).toEqual(effect("applied"));
    expect(await update("411.00", 5, 5)).toEqual(effect("stale"));
    await untilPage((html) => says("€412")(html) && !says("€411")(html), "the newest price");
  });

  it("goes when it is deleted, and stays away when an older update comes late", async () => {
    const update = shopifyProduct({ id: 32, handle: "thing-5", price: "555.00", updatedAt: at(1) });
    expect(await send("products/update", update)).toEqual(effect("applied"));
    await untilPage(says("€555"), "the product");
    const deletion = { headers: { "X-Shopify-Triggered-At": at(10) } };
    expect(await send("products/delete", { id: 32 }, deletion)).toEqual(effect("applied"));
    await untilPage((html) => !html.includes('data-product-id="thing-5"'), "the product to be gone");
    const late = shopifyProduct({ id: 32, handle: "thing-5", updatedAt: at(9) });
    expect(await send("products/update", late)).toEqual(effect("stale"));
    expect(await (await edge.fetch(`/s/${STORE}`)).text()).not.toContain('data-product-id="thing-5"');
  });

  it("goes when it is hidden, and comes back when it is shown", async () => {
    const thing = (second: number) => shopifyProduct({ id: 33, handle: "thing-6", updatedAt: at(second) });
    expect(await send("products/update", { ...thing(1), status: "draft" })).toEqual(effect("applied"));
    await untilPage((html) => !html.includes('data-product-id="thing-6"'), "the draft to be gone");
    expect(await send("products/update", thing(2))).toEqual(effect("applied"));
    await untilPage((html) => html.includes('data-product-id="thing-6"'), "the product to be back");
  });

  it("takes its new handle and leaves the old one, however it was known", async () => {
    await edge.putStore(
      storeRecord("renamed", {
        shopify_domain: "renamed.myshopify.com",
        catalogue: {
          version: "0123456789abcdef",
          products: [
            { ...product(1), shopify_id: "41" },
            { ...product(2), variants: [{ ...product(2).variants[0]!, id: "420" }] },
            product(3),
          ],
        },
      }),
    );
    const sending = { query: "?store=renamed", headers: { "X-Shopify-Shop-Domain": "renamed.myshopify.com" } };
    await send("products/update", shopifyProduct({ id: 41, handle: "by-number" }), sending);
    await send("products/update", shopifyProduct({ id: 42, handle: "by-variant" }), sending);
    await send("products/update", shopifyProduct({ id: 43, handle: "thing-3" }), sending);
    await send("products/update", shopifyProduct({ id: 43, handle: "by-webhook" }), sending);
    const html = await untilPage((text) => text.includes("by-webhook"), "the last name", "renamed");
    const shown = new Set([...html.matchAll(/data-product-id="([^"]+)"/g)].map((match) => match[1]));
    expect([...shown].toSorted()).toEqual(["by-number", "by-variant", "by-webhook"]);
  });

  it("leaves a page without a product when it was the last one", async () => {
    await edge.putStore(
      storeRecord("nearly-empty", {
        catalogue: { version: "0123456789abcdef", products: [{ ...product(1), shopify_id: "51" }] },
      }),
    );
    expect(await send("products/delete", { id: 51 }, { query: "?store=nearly-empty" })).toEqual(effect("applied"));
    const html = await untilPage((text) => text.includes("nothing on the shelves"), "empty shelves", "nearly-empty");
    expect(html).not.toContain("data-product-id");
  });

  it("stays as it was when the new one cannot be shown", async () => {
    const broken = { ...shopifyProduct({ id: 60, handle: "thing-7" }), variants: [] };
    expect(await send("products/update", broken)).toEqual(effect("refused"));
    expect(await (await edge.fetch(`/s/${STORE}`)).text()).toContain('data-product-id="thing-7"');
  });

  it("is unmatched when only its number is told and nobody knows that", async () => {
    expect(await send("products/delete", { id: 987_654 })).toEqual(effect("unmatched"));
  });
});

describe("what is kept of a change", () => {
  it("is one value in KV, written once for a burst, and the deployment's record is left alone", async () => {
    const slug = "burst-shop";
    await edge.putStore(storeRecord(slug));
    const stores = await edge.mf.getKVNamespace("STORES");
    const record = await stores.get(`store:${slug}`);
    const ids = Array.from({ length: 40 }, (_, n) => 100 + n);
    const answers = await Promise.all(
      ids.map((id) =>
        send("products/create", shopifyProduct({ id, handle: `new-${id}` }), { query: `?store=${slug}` }),
      ),
    );
    expect(answers.every(({ body }) => (body as { effect: string }).effect === "applied")).toBe(true);
    const changes = await eventually(async () => {
      const value = (await stores.get(`changes:${slug}`, "json")) as {
        version: 1;
        base: string;
        products: object;
      } | null;
      return Object.keys(value?.products ?? {}).length === ids.length ? value : undefined;
    }, "all changes in KV");
    expect(changes).toMatchObject({ version: 1, base: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown });
    expect(await stores.get(`store:${slug}`)).toBe(record);
  });

  it("outlives the process", async () => {
    expect(await send("products/update", shopifyProduct({ id: 70, handle: "thing-8", price: "808.00" }))).toEqual(
      effect("applied"),
    );
    await edge.restart();
    await untilPage((html) => html.includes("€808"), "the price after a restart");
    expect(await send("products/delete", { id: 70 })).toEqual(effect("applied"));
  });

  it("ends with the next export that is deployed, whose products a deletion still finds", async () => {
    const slug = "deployed-again";
    const query = `?store=${slug}`;
    await edge.putStore(storeRecord(slug));
    await send("products/update", shopifyProduct({ id: 80, handle: "thing-0", price: "800.00" }), { query });
    await untilPage((html) => html.includes("€800"), "the changed price", slug);
    const products = [{ ...product(0), price: 900, price_max: 900 }, product(1)];
    await edge.putStore(storeRecord(slug, { catalogue: { version: "0123456789abcdef", products } }));
    await untilPage((html) => html.includes("€900") && !html.includes("€800"), "the exported price", slug);
    expect(await send("products/delete", { id: 80 }, { query })).toEqual(effect("applied"));
    const html = await untilPage((text) => !text.includes('data-product-id="thing-0"'), "the deletion", slug);
    expect(html).toContain('data-product-id="thing-1"');
  });
});
