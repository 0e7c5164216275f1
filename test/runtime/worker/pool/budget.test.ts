import { Edge, eventually } from "../harness";
import { answer, pageFor, type Behaviour } from "../support/generator";
import { shopsOn } from "../support/shops";

const edge = new Edge();
const MODEL = {
  LLM_PROVIDERS: JSON.stringify([{ kind: "kimi", model: "kimi-k2.6" }]),
  KIMI_API_KEY: "key-of-the-tests",
};

const openShop = shopsOn(edge);
const shop = (behaviour: Behaviour, budget?: number): Promise<string> =>
  openShop(behaviour, {
    settings: { consent_required: false, ...(budget !== undefined && { daily_budget_usd: budget }) },
  });

/** A generator with a model that costs so much a page, and none when it is told to ask no model. */
const costing =
  (usd: number | null, tokens = { prompt: 100, completion: 100, total: 200 }): Behaviour =>
  ({ request }, response) => {
    if (request.options?.template_only) return answer(response, 200, pageFor(request, "template"));
    const page = pageFor(request, "model");
    answer(response, 200, { ...page, meta: { ...page.meta, usd, tokens_used: tokens } });
  };

const made = async (slug: string, shopper: string): Promise<"model" | "template"> => {
  await edge.fetch(`/s/${slug}?shopper=${shopper}`);
  await edge.until(slug, shopper, "ready");
  const asked = edge.generator.askedBy(slug).filter(({ request }) => request.shopper_id === shopper);
  return asked.at(-1)?.request.options?.template_only ? "template" : "model";
};

const spent = async (slug: string): Promise<number> => {
  const pool = await edge.mf.getDurableObjectNamespace("POOL");
  const book = pool.get(pool.idFromName(`budget:${slug}`)) as unknown as { spent(day: string): Promise<number> };
  return book.spent(new Date().toISOString().slice(0, 10));
};
/** The cost of a page is settled a moment after it. */
const settled = (slug: string, usd: number) =>
  eventually(
    async () => (Math.abs((await spent(slug)) - usd) < 1e-9 ? true : undefined),
    `${slug} to have spent ${usd}`,
  );

beforeAll(() => edge.start({ ...MODEL, STORE_DAILY_BUDGET_USD: "0.05" }));
afterAll(() => edge.stop());

describe("a store's daily budget", () => {
  it("turns to the template when it is spent, and rests from making that again", async () => {
    const slug = await shop(costing(0.03));
    expect(await made(slug, "anna")).toBe("model");
    await settled(slug, 0.03);
    expect(await made(slug, "bert")).toBe("model");
    await settled(slug, 0.06);
    expect(await made(slug, "carl")).toBe("template");

    const bucket = await edge.mf.getR2Bucket("UI_STORAGE");
    expect(await bucket.head(`generated/${slug}:carl.html`)).toBeNull(); // a stand-in, no page to keep
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    const { keys } = await pages.list({ prefix: `ui:${slug}:carl:` });
    await pages.delete(keys[0]!.name); // as when its minute is over
    await edge.restart();
    const again = await edge.fetch(`/s/${slug}?shopper=carl`);
    expect(again.headers.get("X-Wand-Source")).toBe("fallback");
    expect((await edge.status(slug, "carl")).state).toBe("ready");
    expect(edge.generator.askedFor("carl")).toHaveLength(1);
    expect(await spent(slug)).toBeCloseTo(0.06);
  });

  it("is the store's own where that is lower, and the stack's where the store's is higher", async () => {
    const poor = await shop(costing(0.02), 0.01);
    expect(await made(poor, "dora")).toBe("model");
    await settled(poor, 0.02);
    expect(await made(poor, "emil")).toBe("template");
    const rich = await shop(costing(0.06), 100);
    expect(await made(rich, "fred")).toBe("model");
    await settled(rich, 0.06);
    expect(await made(rich, "gina")).toBe("template");
  });

  it("takes a page without a known price by its tokens", async () => {
    const slug = await shop(costing(null, { prompt: 1_000, completion: 1_000, total: 2_000 }));
    expect(await made(slug, "hugo")).toBe("model");
    await settled(slug, 0.09);
    expect(await made(slug, "ida")).toBe("template");
  });

  it("is not touched by a generator that took no request", async () => {
    let asked = 0;
    const page = costing(0.01);
    const slug = await shop((one, response) => {
      if (asked++ === 0) return void response.writeHead(503).end("There is no Container instance available");
      return page(one, response);
    });
    expect(await made(slug, "jan")).toBe("model");
    await settled(slug, 0.01);
  });

  it("counts a generation that broke off as what was booked for it", async () => {
    let asked = 0;
    const page = costing(0.01);
    const slug = await shop((one, response) => (asked++ === 0 ? void response.destroy() : page(one, response)));
    expect(await made(slug, "kurt")).toBe("model");
    await settled(slug, 0.03);
  });

  it("is booked before models are asked: of forty jobs at once as many ask one as it has room for", async () => {
    await edge.restart({ POOL_SIZE: "10" });
    const waiting: (() => void)[] = [];
    const page = costing(0.02);
    const slug = await shop((one, response) => {
      if (one.request.options?.template_only) return page(one, response);
      waiting.push(() => void page(one, response));
    });
    const shoppers = Array.from({ length: 40 }, (_, n) => `many-${n}`);
    await Promise.all(shoppers.map((shopper) => edge.fetch(`/s/${slug}?shopper=${shopper}`)));
    await eventually(async () => edge.generator.askedBy(slug).length === 40 || undefined, "forty requests");
    expect(waiting).toHaveLength(3); // 0.05 has room for three of the 0.02 that are booked for each
    for (const go of waiting) go();
    await settled(slug, 0.06);
  });
});

describe("a stand-in for a model's page", () => {
  it("does not take the place of a model's page that may still be shown", async () => {
    const slug = await shop(costing(0.001), 0.0005);
    expect(await made(slug, "vera")).toBe("model");
    const pages = await edge.mf.getKVNamespace("UI_CACHE");
    const key = (await pages.list({ prefix: `ui:${slug}:vera:` })).keys[0]!.name;
    const before = await pages.get(key, "arrayBuffer");
    await settled(slug, 0.001);
    const token = { Authorization: "Bearer admin-token-of-the-tests" };
    const response = await edge.fetch(`/debug/generate?store=${slug}&shopper=vera`, { headers: token });
    expect(await response.json()).toMatchObject({ state: "done", source: "template", stand_in: "budget" });
    expect(await pages.get(key, "arrayBuffer")).toEqual(before);
    const object = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${slug}:vera.html`);
    expect(object?.customMetadata).toMatchObject({ source: "model" });
  });
});
