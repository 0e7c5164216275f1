import { randomBytes } from "node:crypto";
import { refusal, startTestCloud, type TestCloud } from "./support";

describe("R2 in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;
  let buckets: TestCloud["client"]["r2"]["buckets"];

  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
    buckets = test.client.r2.buckets;
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const create = (name: string) => buckets.create({ account_id, name });
  const object = (bucket: string, key: string) => `/accounts/${account_id}/r2/buckets/${bucket}/objects/${key}`;

  it("creates, reads, lists and deletes a bucket", async () => {
    expect(await create("assets")).toMatchObject({ name: "assets", storage_class: "Standard" });
    expect(await buckets.get("assets", { account_id })).toMatchObject({ jurisdiction: "default" });
    expect((await buckets.list({ account_id })).buckets?.map(({ name }) => name)).toContain("assets");
    await buckets.delete("assets", { account_id });
    expect(await refusal(buckets.get("assets", { account_id }))).toMatchObject({ status: 404, code: 10006 });
  });

  it("refuses a name twice, and names that are none", async () => {
    await create("twice");
    expect(await refusal(create("twice"))).toMatchObject({ status: 409, code: 10004 });
    for (const name of ["ab", "Upper", "../escape", "a".repeat(64), "-edge"]) {
      expect(await refusal(create(name))).toMatchObject({ status: 400, code: 10005 });
    }
    await create("a".repeat(63));
  });

  it("keeps objects, lists them, and does not delete a bucket that has any", async () => {
    await create("objects");
    for (const key of ["img/a.png", "img/b.png", "index.html"]) {
      const put = await test.api("PUT", object("objects", key), `<${key}>`, { "content-type": "text/html" });
      expect(put.body.result).toMatchObject({ key, size: String(key.length + 2) });
    }
    const first = await test.api("GET", `${object("objects", "").slice(0, -1)}?prefix=img/&per_page=1`);
    expect(first.body).toMatchObject({ result: [{ key: "img/a.png" }], result_info: { is_truncated: true } });
    const { cursor } = (first.body as unknown as { result_info: { cursor: string } }).result_info;
    const second = await test.api(
      "GET",
      `${object("objects", "").slice(0, -1)}?prefix=img/&per_page=1&cursor=${encodeURIComponent(cursor)}`,
    );
    expect(second.body.result).toMatchObject([{ key: "img/b.png" }]);

    const headers = { authorization: `Bearer ${test.cloud.apiToken}` };
    const got = await fetch(test.cloud.apiUrl + object("objects", "index.html"), { headers });
    expect([await got.text(), got.headers.get("content-type")]).toEqual(["<index.html>", "text/html"]);

    expect(await refusal(buckets.delete("objects", { account_id }))).toMatchObject({ status: 409, code: 10008 });
    for (const key of ["img/a.png", "img/b.png", "index.html"]) await test.api("DELETE", object("objects", key));
    expect((await test.api("GET", object("objects", "index.html"))).body.errors[0]?.code).toBe(10007);
    await buckets.delete("objects", { account_id });
  });

  it("gives an object back as it came: large bytes, and the headers that a browser is to have with it", async () => {
    await create("headers");
    const given = {
      "content-type": "text/css",
      "content-language": "de",
      "content-disposition": 'attachment; filename="a.css"',
      "cache-control": "max-age=60",
      expires: "Wed, 01 Jan 2031 00:00:00 GMT",
    };
    const authorization = `Bearer ${test.cloud.apiToken}`;
    const url = test.cloud.apiUrl + object("headers", "ä b.css");
    const bytes = randomBytes(5_000_000);
    await fetch(url, { method: "PUT", body: bytes, headers: { authorization, ...given } });
    const got = await fetch(url, { headers: { authorization } });
    const headers = Object.fromEntries(got.headers);
    expect(headers).toMatchObject({ ...given, "content-length": String(bytes.length) });
    expect(bytes.equals(Buffer.from(await got.arrayBuffer()))).toBe(true);
    const head = await fetch(url, { method: "HEAD", headers: { authorization } });
    expect([head.status, head.headers.get("content-type"), await head.text()]).toEqual([200, "text/css", ""]);
    const left = await fetch(url, { headers: { authorization } });
    await left.body?.cancel(); // whoever leaves in the middle does not keep the data from being replaced
    await fetch(url, { method: "DELETE", headers: { authorization } });
    await buckets.delete("headers", { account_id });
  });

  it("stores lifecycle rules and gives them back", async () => {
    await create("lifecycle");
    const rules = [
      {
        id: "expire",
        enabled: true,
        conditions: { prefix: "tmp/" },
        deleteObjectsTransition: { condition: { type: "Age" as const, maxAge: 86_400 } },
      },
    ];
    await buckets.lifecycle.update("lifecycle", { account_id, rules });
    expect(await buckets.lifecycle.get("lifecycle", { account_id })).toEqual({ rules });
  });
});
