import { Edge } from "../harness";
import { answer, pageFor, type Behaviour } from "../support/generator";
import { shopsOn } from "../support/shops";

const edge = new Edge();
const shop = shopsOn(edge);

beforeAll(() =>
  edge.start({
    LLM_PROVIDERS: JSON.stringify([{ kind: "kimi", model: "kimi-k2.6" }]),
    KIMI_API_KEY: "key-of-the-tests",
  }),
);
afterAll(() => edge.stop());

const whole: Behaviour = ({ request }, response) => answer(response, 200, pageFor(request, "model"));
const partial: Behaviour = ({ request }, response) =>
  answer(response, 200, {
    ...pageFor(request, "model"),
    status: "partial",
    error: { code: "COMPONENT_TIMEOUT", message: "The model gave no usable grid section in time.", retryable: true },
  });

async function stored(slug: string, shopper: string) {
  const [key] = (await (await edge.mf.getKVNamespace("UI_CACHE")).list({ prefix: `ui:${slug}:${shopper}:` })).keys;
  const object = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${slug}:${shopper}.html`);
  return { seconds: (key?.expiration ?? 0) - Date.now() / 1000, metadata: key?.metadata, object };
}

describe("a partial page", () => {
  it("is served like any other, and kept for five minutes and out of R2", async () => {
    const slug = await shop(partial);
    await edge.fetch(`/s/${slug}?shopper=anna`);
    await edge.until(slug, "anna", "ready");
    const { seconds, object } = await stored(slug, "anna");
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(300);
    expect(object).toBeNull();
    const page = await edge.fetch(`/s/${slug}?shopper=anna`);
    expect(page.headers.get("X-Wand-Source")).toMatch(/^(memory|kv)$/);
  });

  it("is kept no longer than a whole one of the shop would be", async () => {
    const slug = await shop(partial, { settings: { consent_required: false, cache_ttl_seconds: 120 } });
    await edge.fetch(`/s/${slug}?shopper=bert`);
    await edge.until(slug, "bert", "ready");
    expect((await stored(slug, "bert")).seconds).toBeLessThanOrEqual(120);
  });

  it("does not take the place of a whole one that may still be shown", async () => {
    const slug = await shop(whole);
    await edge.fetch(`/s/${slug}?shopper=carl`);
    await edge.until(slug, "carl", "ready");
    const before = await stored(slug, "carl");
    edge.generator.behaviours.set(slug, partial);
    const headers = { Authorization: "Bearer admin-token-of-the-tests" };
    const made = await edge.fetch(`/debug/generate?store=${slug}&shopper=carl`, { headers });
    expect(await made.json()).toMatchObject({ state: "done", source: "model" });
    const after = await stored(slug, "carl");
    expect(edge.generator.askedBy(slug)).toHaveLength(2);
    expect(after.metadata).toEqual(before.metadata);
    expect(after.seconds).toBeGreaterThan(300);
  });
});
