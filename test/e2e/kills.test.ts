import path from "node:path";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { startModelStub, type ModelStub, type Reply } from "../runtime/container/modelStub";
import { descendantsOf } from "./support/processes";
import { Project, type RunningShop } from "./support/project";
import { ShopperClient } from "./support/shopper";

jest.setTimeout(240_000);

const STORE = "magic-wands";
const READY_LIMIT_MS = 60_000;
const MODEL_KEY = "sk-kills-only-5e0a";

describe("a shop with a model, in the middle of a page", () => {
  const project = new Project();
  const chosen = loadStore(path.resolve(__dirname, "../../stores", STORE))
    .record.catalogue.products.slice(0, 5)
    .map((product) => product.id);
  const text = JSON.stringify({
    sections: [
      { type: "hero", id: "hero", config: { title: "Made after all", cta_text: "Have a look", style: "quiet" } },
      { type: "grid", id: "grid", config: { title: "Chosen", product_ids: chosen } },
    ],
  });
  let reply: Reply = { text };
  let model: ModelStub;
  let shop: RunningShop;
  const env = () => ({ LLM_BASE_URL: model.openAiUrl, LLM_MODEL: "stub-model", LLM_API_KEY: MODEL_KEY });

  beforeAll(async () => {
    model = await startModelStub(() => reply);
    shop = await project.start(env());
  });
  afterAll(async () => {
    await project.remove();
    await model.close();
  });

  /** Visits, and waits until the model has been asked for the page, which it does not answer. */
  async function midway(shopper: string): Promise<ShopperClient> {
    reply = "hang";
    const before = model.calls.length;
    const client = new ShopperClient(shop.edgeUrl, STORE, shopper);
    await client.visit();
    const late = AbortSignal.timeout(READY_LIMIT_MS);
    while (model.calls.length === before) {
      late.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    reply = { text };
    return client;
  }

  async function rowsOf(shopper: string): Promise<string[]> {
    const api = async (route: string, init?: RequestInit) => {
      const headers = { authorization: `Bearer ${shop.apiToken}`, "content-type": "application/json" };
      const response = await fetch(`${shop.apiUrl}/accounts/${shop.accountId}${route}`, { ...init, headers });
      return (await response.json()) as { result: never };
    };
    const [database] = (await api("/d1/database")).result as { uuid: string }[];
    const sql = "SELECT status FROM ui_generations WHERE shopper_id = ?";
    const body = JSON.stringify({ sql, params: [shopper] });
    const answer = await api(`/d1/database/${database!.uuid}/query`, { method: "POST", body });
    const [{ results }] = answer.result as [{ results: { status: string }[] }];
    return results.map(({ status }) => status);
  }

  /** The page is made by the model, is there, and was noted once. */
  async function expectMadeOnce(client: ShopperClient): Promise<void> {
    await client.untilReady(READY_LIMIT_MS);
    const visit = await client.visit();
    expect(visit.html).toContain("Made after all");
    const late = AbortSignal.timeout(READY_LIMIT_MS);
    while ((await rowsOf(client.id)).includes("pending")) late.throwIfAborted();
    expect(await rowsOf(client.id)).toEqual(["completed"]);
  }

  it("makes the page when the container's process is killed", async () => {
    const anna = await midway("anna");
    const containers = descendantsOf(shop.pid).filter(({ command }) => command.endsWith(" server.js"));
    expect(containers.length).toBeGreaterThan(0);
    for (const { pid } of containers) process.kill(pid, "SIGKILL");
    await expectMadeOnce(anna);
  });

  it("makes the page when everything is killed, and started again", async () => {
    const bert = await midway("bert");
    await shop.stop("SIGKILL");
    shop = await project.start(env());
    await expectMadeOnce(new ShopperClient(shop.edgeUrl, STORE, bert.id));
  });
});
