import { Edge } from "./harness";
import { answer, pageFor } from "./support/generator";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const MODEL = {
  LLM_PROVIDERS: JSON.stringify([{ kind: "kimi", model: "kimi-k2.6" }]),
  KIMI_API_KEY: "key-of-the-tests",
};

beforeAll(async () => {
  await edge.start(MODEL);
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

async function pageOf(shopper: string, source: "model" | "template") {
  edge.generator.behaviours.set(STORE, ({ request }, response) => answer(response, 200, pageFor(request, source)));
  await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
  const { persona_hash: hash } = await edge.until(STORE, shopper, "ready");
  const pages = await edge.mf.getKVNamespace("UI_CACHE");
  const [key] = (await pages.list({ prefix: `ui:${STORE}:${shopper}:` })).keys;
  const object = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${STORE}:${shopper}.html`);
  return { hash, seconds: (key?.expiration ?? 0) - Date.now() / 1000, object };
}

describe("a stack with a model", () => {
  it("keeps a model's page for its time, in KV and R2", async () => {
    const { seconds, object } = await pageOf("alice", "model");
    expect(seconds).toBeGreaterThan(3600 * 0.9 - 60);
    expect(seconds).toBeLessThanOrEqual(3600 * 1.1);
    expect(object?.customMetadata).toMatchObject({ source: "model" });
  });

  it("keeps the template's stand-in for a minute and out of R2", async () => {
    const { seconds, object } = await pageOf("bob", "template");
    expect(seconds).toBeLessThanOrEqual(60);
    expect(object).toBeNull();
  });

  it("names its pages otherwise than a stack without one, so that none of those is served", async () => {
    const { hash } = await pageOf("carol", "model");
    await edge.restart({ LLM_PROVIDERS: "[]" });
    const without = await edge.status(STORE, "carol");
    expect(without.persona_hash).not.toBe(hash);
    expect(without.state).toBe("none");
    await edge.restart({ ...MODEL, KIMI_API_KEY: "" });
    expect((await edge.status(STORE, "carol")).persona_hash).toBe(without.persona_hash);
  });
});
