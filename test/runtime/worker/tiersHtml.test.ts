import { createHash } from "node:crypto";
import type { Response } from "miniflare";
import { Edge, eventually } from "./harness";
import { answer } from "./support/generator";
import { htmlPageFor } from "./support/htmlPage";
import { storeRecord } from "./support/store";

const edge = new Edge();
const MODEL = { LLM_PROVIDERS: JSON.stringify([{ kind: "kimi", model: "kimi-k2.6" }]), KIMI_API_KEY: "key" };

beforeAll(() => edge.start({ ...MODEL, LLM_FORMAT: "html" }));
afterAll(() => edge.stop());

async function shopWithPage(slug: string, shopper: string) {
  const record = storeRecord(slug);
  await edge.putStore(record);
  edge.generator.behaviours.set(slug, ({ request }, response) => answer(response, 200, htmlPageFor(request)));
  await edge.fetch(`/s/${slug}?shopper=${shopper}`);
  await edge.until(slug, shopper, "ready");
  return record;
}

/** The first answer that has seen the shop's new record, which is believed for a moment. */
const seen = (slug: string, shopper: string, text: string): Promise<[Response, string]> =>
  eventually(async () => {
    const response = await edge.fetch(`/s/${slug}?shopper=${shopper}`);
    const html = await response.text();
    return html.includes(text) ? ([response, html] as [Response, string]) : undefined;
  }, `"${text}" on a page`);

function expectRightHash(response: Response, html: string): void {
  const css = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(css).digest("base64");
  expect(response.headers.get("Content-Security-Policy")).toContain(`style-src 'sha256-${hash}'`);
}

describe("a page that a model wrote", () => {
  it("is asked for in its format and served from the tiers as it is", async () => {
    const slug = "wanda-shop";
    await shopWithPage(slug, "wanda");
    expect(edge.generator.askedFor("wanda")[0]?.request.options).toMatchObject({ format: "html" });
    const response = await edge.fetch(`/s/${slug}?shopper=wanda`);
    const html = await response.text();
    expect(response.headers.get("X-Wand-Source")).toBe("kv");
    expect(html).toContain("Words of a model");
    expectRightHash(response, html);
    const [key] = (await (await edge.mf.getKVNamespace("UI_CACHE")).list({ prefix: `ui:${slug}:wanda:` })).keys;
    await (await edge.mf.getKVNamespace("UI_CACHE")).delete(key?.name ?? "");
    const fromR2 = await edge.fetch(`http://other.test/s/${slug}?shopper=wanda`);
    expect(fromR2.headers.get("X-Wand-Source")).toBe("r2");
    expect(await fromR2.text()).toContain("Words of a model");
  });

  it("has a changed price, title, picture and stock on the next visit, from KV and from R2", async () => {
    const slug = "price-shop";
    const record = await shopWithPage(slug, "petra");
    const [first, second, third, ...others] = record.catalogue.products;
    if (first === undefined || second === undefined || third === undefined) throw new Error("a shop without products");
    const before = await (await edge.fetch(`/s/${slug}?shopper=petra`)).text();
    expect(before).toContain(`data-product-id="${first.id}"`);
    // The job for the new catalogue is not to be done before the old page was looked at.
    edge.generator.behaviours.set(slug, () => new Promise(() => undefined));
    const products = [
      {
        ...first,
        price: 77_777,
        price_max: 77_777,
        compare_at_price: null,
        title: "Thing Renamed",
        image_url: "https://new.example/x.jpg",
      },
      { ...second, available: false },
      ...others,
    ];
    await edge.putStore({ ...record, catalogue: { ...record.catalogue, products } });
    const [response, html] = await seen(slug, "petra", "77,777");
    expect(response.headers.get("X-Wand-Source")).toBe("rerendered");
    const made = html.slice(html.indexOf("<!--wand:page-->"), html.indexOf("<!--/wand:page-->"));
    expect(made).toMatch(/Words of a model[^]*Thing Renamed[^]*€77,777\.00/);
    expect(made).toContain("https://new.example/x.jpg");
    expect(made).not.toMatch(new RegExp(`"(${second.id}|${third.id})"`));
    expect(html).toContain("Sold out");
    expect(html).not.toContain(`>${third.title}<`);
    expect(html).not.toContain(`"price":${first.price},`);
    expect(html).toContain("data-wand-preparing");
    expectRightHash(response, html);
    expect(response.headers.get("Content-Security-Policy")).toContain("https://new.example");

    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    for (const { name } of (await pages.list({ prefix: `ui:${slug}:petra:` })).keys) await pages.delete(name);
    const fromR2 = await edge.fetch(`http://other.test/s/${slug}?shopper=petra`);
    expect(fromR2.headers.get("X-Wand-Source")).toBe("rerendered");
    expect(await fromR2.text()).toContain("77,777");
  });

  it("is not shown when none of its products is there any more; a new one is asked for", async () => {
    const slug = "empty-shop";
    const record = await shopWithPage(slug, "emil");
    const products = record.catalogue.products.slice(10).map((one) => ({ ...one, title: `New ${one.title}` }));
    await edge.putStore({ ...record, catalogue: { ...record.catalogue, products } });
    const [response, html] = await seen(slug, "emil", "New Thing");
    expect(response.headers.get("X-Wand-Source")).toBe("fallback");
    expect(html).not.toContain("Words of a model");
    await eventually(async () => (edge.generator.askedFor("emil").length > 1 ? true : undefined), "a new page");
  });

  it("is not served once the stack has its pages laid out", async () => {
    const slug = "turning-shop";
    await shopWithPage(slug, "tom");
    const html = await edge.status(slug, "tom");
    await edge.restart({ LLM_FORMAT: "layout" });
    expect((await edge.status(slug, "tom")).persona_hash).not.toBe(html.persona_hash);
  });
});
