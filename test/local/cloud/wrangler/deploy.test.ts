import { Shop, type Deployment } from "./shop";

jest.setTimeout(180_000);

describe("wrangler deploy, secret and delete", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.create();
  });
  afterAll(() => shop.wrangler.stop());

  it("deploys a Worker with all its bindings, and it answers at the edge", async () => {
    expect(await shop.wrangler.refused("versions upload")).toContain("does not yet exist");
    await shop.wrangler.write("secrets.json", { FROM_FILE: "a secret from a file" });
    const said = await shop.wrangler.ok("deploy --secrets-file secrets.json --message first --tag t1");
    expect(said).toContain("Deployed shop triggers");
    expect(said).toContain("schedule: */5 * * * *");
    expect(await shop.answer()).toEqual({
      version: "one",
      page: "<p>page</p>",
      FROM_FILE: "a secret from a file",
      PLAIN: "plain",
      json: { a: [1] },
      kv: "hi",
      row: { a: 42 },
      object: "stored",
      count: 1,
    });
    expect(await shop.get("/workers/scripts/shop/script-settings")).toMatchObject({
      observability: { enabled: true, head_sampling_rate: 0.5 },
    });
    expect(await shop.get("/workers/scripts")).toMatchObject([
      { id: "shop", migration_tag: "v1", last_deployed_from: "wrangler" },
    ]);
  });

  it("deploys again, without what it did before: secrets stay, and so does what a Durable Object holds", async () => {
    await shop.writeVersion("two");
    await shop.wrangler.ok("deploy");
    expect(await shop.answer()).toMatchObject({ version: "two", FROM_FILE: "a secret from a file", count: 2 });
    const { deployments } = await shop.get<{ deployments: Deployment[] }>("/workers/scripts/shop/deployments");
    expect(deployments.map(({ source, versions }) => [source, versions.length])).toEqual([
      ["wrangler", 1],
      ["wrangler", 1],
    ]);
  });

  it("sets, lists and deletes secrets, which the Worker has at once, and nobody reads", async () => {
    await shop.wrangler.ok("secret put SECRET", "one");
    expect(await shop.answer()).toMatchObject({ SECRET: "one" });
    await shop.wrangler.ok("secret bulk", JSON.stringify({ SECRET: "two", ANOTHER: "three" }));
    expect(await shop.answer()).toMatchObject({ SECRET: "two" });
    await shop.wrangler.ok("secret delete ANOTHER");
    expect(await shop.wrangler.json("secret list")).toEqual([
      { name: "FROM_FILE", type: "secret_text" },
      { name: "SECRET", type: "secret_text" },
    ]);
    const taken = shop.wrangler.test.api("PUT", `${shop.account}/workers/scripts/shop/secrets`, {
      name: "PLAIN",
      text: "x",
      type: "secret_text",
    });
    expect((await taken).body.errors).toEqual([{ code: 10053, message: "Binding name 'PLAIN' already in use." }]);
    const gone = await shop.wrangler.test.api("DELETE", `${shop.account}/workers/scripts/shop/secrets/ANOTHER`);
    expect(gone.body.errors).toEqual([{ code: 10056, message: "Binding 'ANOTHER' not found." }]);
  });

  it("deletes it, and says that it is gone", async () => {
    await shop.wrangler.ok("delete --name shop");
    expect((await shop.edge()).status).toBe(404);
    expect(await shop.wrangler.refused("deployments list --name shop")).toContain(
      "This Worker does not exist on your account. [code: 10007]",
    );
  });
});
