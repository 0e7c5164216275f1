import { randomBytes } from "node:crypto";
import { clientOf, refusal, startTestCloud, type TestCloud } from "./support";

describe("Workers KV in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;
  let namespaces: TestCloud["client"]["kv"]["namespaces"];

  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
    namespaces = test.client.kv.namespaces;
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const create = async (title: string) => (await namespaces.create({ account_id, title })).id;

  it("creates, renames, lists and deletes a namespace", async () => {
    const id = await create("pages");
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await namespaces.update(id, { account_id, title: "pages-2" });
    expect(await namespaces.get(id, { account_id })).toMatchObject({ id, title: "pages-2" });
    const { result, result_info } = await namespaces.list({ account_id });
    expect(result.map(({ title }) => title)).toContain("pages-2");
    expect(result_info).toMatchObject({ total_count: 1 });
    await namespaces.delete(id, { account_id });
    expect(await refusal(namespaces.get(id, { account_id }))).toMatchObject({ status: 404, code: 10013 });
  });

  it("refuses a title twice", async () => {
    await create("twice");
    expect(await refusal(create("twice"))).toEqual({
      status: 400,
      code: 10014,
      message: "a namespace with this account ID and title already exists",
    });
  });

  it("gives back bytes, metadata and the expiration of a value", async () => {
    const id = await create("values");
    const values = namespaces.values;
    await values.update("a/b ü", {
      account_id,
      namespace_id: id,
      value: "plain",
      metadata: JSON.stringify({ n: 1 }),
      expiration_ttl: 3600,
    } as never);
    const answer = await values.get("a/b ü", { account_id, namespace_id: id });
    expect(await answer.text()).toBe("plain");
    expect(Number(answer.headers.get("expiration"))).toBeGreaterThan(Date.now() / 1000 + 3000);
    expect(await namespaces.metadata.get("a/b ü", { account_id, namespace_id: id })).toEqual({ n: 1 });

    const bytes = randomBytes(100_000);
    const path = `/accounts/${account_id}/storage/kv/namespaces/${id}/values/raw`;
    const headers = { authorization: `Bearer ${test.cloud.apiToken}` };
    const put = await fetch(test.cloud.apiUrl + path, { method: "PUT", body: bytes, headers });
    expect(put.status).toBe(200);
    const got = await fetch(test.cloud.apiUrl + path, { headers });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);

    await values.delete("raw", { account_id, namespace_id: id });
    expect(await refusal(values.get("raw", { account_id, namespace_id: id }) as never)).toMatchObject({
      status: 404,
      code: 10009,
    });
  });

  it("refuses a time to live under 60 seconds, and takes 60", async () => {
    const namespace_id = await create("ttl");
    const put = (expiration_ttl: number) =>
      namespaces.values.update("k", { account_id, namespace_id, value: "v", expiration_ttl } as never);
    expect(await refusal(put(59))).toMatchObject({
      status: 400,
      message: "Invalid expiration_ttl of 59. Expiration TTL must be at least 60.",
    });
    await put(60);
  });

  it("refuses keys over 512 bytes and metadata over 1024", async () => {
    const namespace_id = await create("sizes");
    const put = (key: string, metadata?: unknown) =>
      namespaces.values.update(key, {
        account_id,
        namespace_id,
        value: "v",
        metadata: JSON.stringify(metadata),
      } as never);
    expect((await refusal(put("k".repeat(513)))).status).toBe(414);
    await put("k".repeat(512));
    expect((await refusal(put("m", { text: "x".repeat(1024) }))).status).toBe(413);
  });

  it("lists keys by prefix, page by page", async () => {
    const namespace_id = await create("many");
    const body = Array.from({ length: 25 }, (_, n) => ({ key: `p:${String(n).padStart(2, "0")}`, value: "v" }));
    await namespaces.bulkUpdate(namespace_id, { account_id, body: [...body, { key: "other", value: "v" }] });
    const names: string[] = [];
    for await (const key of namespaces.keys.list(namespace_id, { account_id, prefix: "p:", limit: 10 })) {
      names.push(key.name);
    }
    expect(names).toEqual(body.map(({ key }) => key));
  });

  it("reads and deletes in bulk", async () => {
    const namespace_id = await create("bulk");
    const body = [
      { key: "text", value: "one" },
      { key: "bytes", value: Buffer.from("two").toString("base64"), base64: true, metadata: { m: 2 } },
    ];
    expect(await namespaces.bulkUpdate(namespace_id, { account_id, body })).toMatchObject({ successful_key_count: 2 });
    // An absent key is null, which the description forgets (it has it for withMetadata): not judged.
    const unjudged = clientOf(test.cloud).kv.namespaces;
    expect(await unjudged.bulkGet(namespace_id, { account_id, keys: ["text", "bytes", "none"] })).toEqual({
      values: { text: "one", bytes: "two", none: null },
    });
    const withMetadata = await namespaces.bulkGet(namespace_id, { account_id, keys: ["bytes"], withMetadata: true });
    expect(withMetadata).toEqual({ values: { bytes: { value: "two", metadata: { m: 2 } } } });
    await namespaces.bulkDelete(namespace_id, { account_id, body: ["text"] });
    expect((await namespaces.keys.list(namespace_id, { account_id })).result).toMatchObject([{ name: "bytes" }]);
  });

  it("writes nothing of a bulk of which one pair is wrong", async () => {
    const namespace_id = await create("bulk-refused");
    const body = [
      { key: "good", value: "v" },
      { key: "bad", value: "v", expiration_ttl: 5 },
    ];
    expect((await refusal(namespaces.bulkUpdate(namespace_id, { account_id, body }))).status).toBe(400);
    expect((await namespaces.keys.list(namespace_id, { account_id })).result).toEqual([]);
  });
});
