import { eventually } from "../support";
import { Shop, type Deployment } from "./shop";

jest.setTimeout(180_000);

interface Version {
  id: string;
  annotations: Record<string, string>;
}

describe("wrangler versions, deployments and rollback", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.create();
    await shop.wrangler.write("secrets.json", { SECRET: "kept" });
    await shop.wrangler.ok("deploy --secrets-file secrets.json");
  });
  afterAll(() => shop.wrangler.stop());

  it("uploads, lists and shows versions, splits the traffic between two, and rolls back", async () => {
    await shop.writeVersion("two");
    const said = await shop.wrangler.ok("versions upload --message second --tag t2");
    expect(said).not.toContain("Preview"); // it implements a Durable Object
    expect((await shop.answer()).version).toBe("one");
    expect(await shop.wrangler.refused("secret put SECRET", "late")).toContain(
      "the latest version of your Worker isn't currently deployed",
    );
    const versions = await shop.wrangler.json<Version[]>("versions list --json");
    const [latest, deployed] = versions.toReversed();
    expect(latest?.annotations).toMatchObject({ "workers/message": "second", "workers/tag": "t2" });
    const shown = await shop.wrangler.ok(`versions view ${latest?.id}`);
    for (const text of ["fetch, scheduled", "2026-07-01", "SECRET", "env.COUNTER (Counter)"])
      expect(shown).toContain(text);

    await shop.wrangler.ok(`versions deploy ${latest?.id}@50 ${deployed?.id}@50 --yes`);
    const both = await shop.wrangler.json<Deployment>("deployments status --json");
    expect(both.versions.map(({ percentage }) => percentage)).toEqual([50, 50]);
    await eventually(async () => (await shop.answer()).version === "two");
    await eventually(async () => (await shop.answer()).version === "one");

    await shop.wrangler.ok(`rollback ${deployed?.id} --message back --yes`);
    const all = await shop.wrangler.json<Deployment[]>("deployments list --json");
    expect(all.at(-1)).toMatchObject({
      annotations: { "workers/message": "back" },
      versions: [{ version_id: deployed?.id, percentage: 100 }],
    });
    expect((await shop.answer()).version).toBe("one");
  });
});
