import { Wrangler } from "./support";

jest.setTimeout(180_000);

describe("wrangler kv and whoami", () => {
  let wrangler: Wrangler;
  beforeAll(async () => {
    wrangler = await Wrangler.start();
  });
  afterAll(() => wrangler.stop());

  it("knows who is logged in, and refuses a wrong token and another account", async () => {
    const said = await wrangler.ok("whoami");
    expect(said).toContain("user@embedded-cloud.invalid");
    expect(said).toContain(wrangler.test.accountId);
    const list = "kv namespace list";
    const wrong = await wrangler.run(list, "", { CLOUDFLARE_API_TOKEN: "wrong" });
    expect([wrong.code, wrong.text]).toEqual([1, expect.stringContaining("Authentication error [code: 10000]")]);
    const other = await wrangler.run(list, "", { CLOUDFLARE_ACCOUNT_ID: "0".repeat(32) });
    expect(other.text).toContain("Unauthorized to access requested resource [code: 9109]");
  });

  it("makes, lists, renames and deletes a namespace, and refuses a title twice", async () => {
    await wrangler.ok("kv namespace create first");
    const [namespace] = await wrangler.json<{ id: string; title: string }[]>("kv namespace list");
    expect(namespace?.title).toBe("first");
    await wrangler.ok(`kv namespace rename --namespace-id ${namespace?.id} --new-name second`);
    expect(await wrangler.refused("kv namespace create second")).toContain(
      'A KV namespace with the title "second" already exists',
    );
    await wrangler.ok(`kv namespace delete --namespace-id ${namespace?.id} --skip-confirmation`);
    expect(await wrangler.json("kv namespace list")).toEqual([]);
    expect(await wrangler.refused(`kv key list --remote --namespace-id ${namespace?.id}`)).toContain(
      "namespace not found [code: 10013]",
    );
  });

  it("puts, gets, lists and deletes keys, one and many", async () => {
    const { client, accountId: account_id } = wrangler.test;
    const { id } = await client.kv.namespaces.create({ account_id, title: "keys" });
    const of = `--remote --namespace-id ${id}`;
    await wrangler.ok(`kv key put ${of} a/b=c "hello world" --ttl 600 --metadata {}`);
    expect(await wrangler.ok(`kv key get ${of} a/b=c --text`)).toBe("hello world\n");
    expect(await wrangler.refused(`kv key put ${of} soon x --ttl 30`)).toContain(
      "Invalid expiration_ttl of 30. Expiration TTL must be at least 60. [code: 10034]",
    );

    await wrangler.write("pairs.json", [
      { key: "one", value: "1" },
      { key: "two", value: "2" },
    ]);
    await wrangler.write("keys.json", ["one", "two"]);
    await wrangler.ok(`kv bulk put ${of} pairs.json`);
    expect(await wrangler.json(`kv bulk get ${of} keys.json`)).toEqual({ one: "1", two: "2" });
    expect(await wrangler.json(`kv key list ${of}`)).toEqual([
      { name: "a/b=c", expiration: expect.any(Number), metadata: {} },
      { name: "one" },
      { name: "two" },
    ]);
    await wrangler.ok(`kv bulk delete ${of} keys.json --force`);
    await wrangler.ok(`kv key delete ${of} a/b=c`);
    expect(await wrangler.json(`kv key list ${of}`)).toEqual([]);
  });
});
