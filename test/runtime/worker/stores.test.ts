import { Edge, eventually } from "./harness";
import { SECRET, sendWebhook, shopifyProduct } from "./support/shopify";
import { storeRecord } from "./support/store";

const edge = new Edge();
const PRICE = "€77,777";

beforeAll(() => edge.start({ SHOPIFY_WEBHOOK_SECRETS: SECRET }));
afterAll(() => edge.stop());

/** Where a shopper's page is found before the price changes. */
const TIERS = ["memory", "kv", "r2"] as const;

/** How a price changes: the record by a deployment, or beside it by a webhook of the shop. */
const WAYS: Record<string, (slug: string) => Promise<void>> = {
  "the record": async (slug) => {
    const record = storeRecord(slug);
    const products = record.catalogue.products.map((one) => ({ ...one, price: 77_777, price_max: 77_777 }));
    // The version stays as it was: the products themselves decide.
    await edge.putStore({ ...record, catalogue: { ...record.catalogue, products } });
  },
  "a webhook": async (slug) => {
    const ids = Array.from({ length: 30 }, (_, index) => index);
    await Promise.all(
      ids.map(async (index) => {
        const changed = shopifyProduct({ id: 1000 + index, handle: `thing-${index}`, price: "77777.00" });
        const response = await sendWebhook(edge, "products/update", changed, { query: `?store=${slug}` });
        expect(await response.json()).toEqual({ effect: "applied" });
      }),
    );
  },
};

describe.each(Object.entries(WAYS))("a price changed by %s", (way, change) => {
  it.each(TIERS)("is on the next page of a shopper whose page is in %s", async (tier) => {
    const slug = `${way.replace(" ", "-")}-${tier}`;
    await edge.putStore(storeRecord(slug));
    const page = () => edge.fetch(`/s/${slug}?shopper=erin`);
    await page();
    const { persona_hash: hash } = await edge.until(slug, "erin", "ready");
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    if (tier === "memory") {
      await page();
      expect((await page()).headers.get("X-Wand-Source")).toBe("memory");
    }
    if (tier === "r2") await pages.delete(`ui:${slug}:erin:${hash}`);
    edge.generator.behaviours.set(slug, () => undefined); // the new page is not made: it is the stored one that is looked at

    await change(slug);
    const source = await eventually(async () => {
      const response = await page();
      const prices = (await response.text()).match(/€[\d,.]+/g) ?? [];
      // Of 30 webhooks the first are told before the others: KV takes one write a second.
      const isTold = prices.filter((price) => price.startsWith(PRICE)).length > 5;
      return isTold ? response.headers.get("X-Wand-Source") : undefined;
    }, "the new prices");
    // The page that has them is the shopper's own, drawn again.
    expect(source === "rerendered" || source === "memory").toBe(true);
  });
});

test("changes beside the record are believed for as long as the record is, and no longer", async () => {
  const slug = "by-hand";
  const record = storeRecord(slug);
  await edge.putStore(record);
  const stores = await edge.mf.getKVNamespace("STORES");
  const first = await (await edge.fetch(`/s/${slug}`)).text();
  expect(first).toContain('data-product-id="thing-1"');

  // Changes of another catalogue, and a value that is none, leave the page as it is.
  for (const value of [JSON.stringify({ version: 1, base: "0".repeat(16), products: { "thing-1": null } }), "{"]) {
    await stores.put(`changes:${slug}`, value);
    await new Promise((resolve) => setTimeout(resolve, 300)); // a record is believed for 250 ms
    const response = await edge.fetch(`/s/${slug}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('data-product-id="thing-1"');
  }
});
