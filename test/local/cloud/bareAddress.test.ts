import { atEdge, esModule, startTestCloud, type TestCloud } from "./support";

describe("The edge's bare address", () => {
  let test: TestCloud;
  beforeAll(async () => (test = await startTestCloud({ bareWorker: "chosen" })), 60_000);
  afterAll(() => test.stop());

  async function deploy(name: string): Promise<string> {
    const account = { account_id: test.accountId };
    const { id } = await test.client.workers.beta.workers.create({
      ...account,
      name,
      subdomain: { enabled: true },
    } as never);
    await test.client.workers.beta.workers.versions.create(id, {
      ...account,
      main_module: "index.js",
      modules: [esModule("index.js", `export default { fetch: () => new Response("${name}") }`)],
      compatibility_date: "2026-01-01",
      deploy: true,
    } as never);
    return id;
  }
  const answering = async (): Promise<string> => (await atEdge(test.cloud.edgeUrl, "127.0.0.1")).text;

  it("is the first Worker's until the one that was chosen for it is deployed, and again when that is gone", async () => {
    await deploy("first");
    expect(await answering()).toBe("first");
    const chosen = await deploy("chosen");
    expect(await answering()).toBe("chosen");
    await deploy("third");
    await test.restart();
    expect(await answering()).toBe("chosen");
    await test.client.workers.beta.workers.delete(chosen, { account_id: test.accountId });
    expect(await answering()).toBe("first");
  });
});
