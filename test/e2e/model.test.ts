import path from "node:path";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { startModelStub, type ModelStub, type Reply } from "../runtime/container/modelStub";
import { Project, type RunningShop } from "./support/project";
import { readDocument, ShopperClient } from "./support/shopper";

jest.setTimeout(180_000);

const KEY = "sk-planted-8c1f2a90b7d34e55";
const TITLE = "Five things for a rainy evening";

describe("a shop with a model", () => {
  const project = new Project();
  const catalogue = loadStore(path.resolve(__dirname, "../../stores/magic-wands")).record.catalogue;
  const chosen = catalogue.products.slice(2, 7).map((product) => product.id);
  const layout = JSON.stringify({
    sections: [
      { type: "hero", id: "hero", config: { title: TITLE, cta_text: "Have a look", style: "quiet" } },
      { type: "grid", id: "grid", config: { title: "Chosen", product_ids: [...chosen, "a-wand-nobody-sells"] } },
    ],
  });
  let reply: Reply = { text: layout };
  let model: ModelStub;
  let shop: RunningShop;

  beforeAll(async () => {
    model = await startModelStub(() => reply);
    shop = await project.start({ LLM_BASE_URL: model.openAiUrl, LLM_MODEL: "stub-model", LLM_API_KEY: KEY });
  });
  afterAll(async () => {
    await project.remove();
    await model.close();
  });

  it("gets its pages from the model, and their facts from the catalogue", async () => {
    const mary = new ShopperClient(shop.edgeUrl, "magic-wands", "mary-4711");
    expect((await mary.visit()).source).toBe("fallback");
    await mary.untilReady(60_000);
    const visit = await mary.visit();
    expect(["kv", "memory"]).toContain(visit.source);
    const page = readDocument(visit.html);
    expect(page.text).toContain(TITLE);
    expect(page.text).not.toContain("nobody");
    for (const product of catalogue.products) expect(page.links).toContain(product.url);
    expect(model.calls).toHaveLength(1);
    expect(model.calls[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(model.calls[0]!.body)).not.toContain("mary-4711");
  });

  it("still makes pages when the model refuses every call", async () => {
    reply = { status: 500 };
    const norma = new ShopperClient(shop.edgeUrl, "magic-wands", "norma");
    await norma.visit();
    await norma.untilReady(60_000);
    const visit = await norma.visit();
    expect(["kv", "memory"]).toContain(visit.source);
    const page = readDocument(visit.html);
    expect(page.text).not.toContain(TITLE);
    for (const product of catalogue.products) expect(page.links).toContain(product.url);
  });

  it("keeps the model's key out of its state and of all that it prints", async () => {
    expect(project.stateFilesWith(KEY)).toEqual([]);
    expect(shop.output()).not.toContain(KEY);
    expect(shop.output()).not.toContain("mary-4711");
  });
});
