import { createHash } from "node:crypto";
import { image, layer, push, registry } from "./images";
import { startTestCloud, type TestCloud } from "./support";

describe("the image registry of the embedded cloud", () => {
  let test: TestCloud;
  beforeAll(async () => {
    test = await startTestCloud();
  });
  afterAll(() => test.stop());

  const at = (path: string) => `/v2/${test.accountId}/${path}`;
  const sha256 = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const code = async (answer: Response) => ((await answer.json()) as { errors: { code: string }[] }).errors[0]?.code;

  it("gives back what was pushed, by tag and by digest, also after a restart", async () => {
    const pushed = image([await layer({ "app/server.js": "1" })], { Cmd: ["node", "server.js"] });
    const name = await push(test.cloud, "shop", pushed, "v1");
    await test.restart();
    for (const reference of ["v1", name.split("@")[1] ?? ""]) {
      const got = await registry(test.cloud, "GET", at(`shop/manifests/${reference}`));
      expect(got.headers.get("content-type")).toBe(pushed.mediaType);
      expect(Buffer.from(await got.arrayBuffer()).equals(pushed.manifest)).toBe(true);
    }
    const head = await registry(test.cloud, "HEAD", at(`shop/blobs/${sha256(pushed.blobs[1] as Buffer)}`));
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(pushed.blobs[1]?.length)]);
    const blob = await registry(test.cloud, "GET", at(`shop/blobs/${sha256(pushed.blobs[0] as Buffer)}`));
    expect(Buffer.from(await blob.arrayBuffer()).equals(pushed.blobs[0] as Buffer)).toBe(true);
    const tags = await registry(test.cloud, "GET", at("shop/tags/list"));
    expect(await tags.json()).toEqual({ name: `${test.accountId}/shop`, tags: ["v1"] });
  });

  it("takes a blob in parts, and refuses one whose digest is another", async () => {
    const begin = async () => {
      const begun = await registry(test.cloud, "POST", at("parts/blobs/uploads/"));
      expect(begun.status).toBe(202);
      return begun.headers.get("location") as string;
    };
    const first = await begin();
    const part = await registry(test.cloud, "PATCH", first, Buffer.from("one-"), { "content-range": "0-3" });
    expect([part.status, part.headers.get("range")]).toEqual([202, "0-3"]);
    const misplaced = await registry(test.cloud, "PATCH", first, Buffer.from("x"), { "content-range": "9-9" });
    expect(misplaced.status).toBe(416);
    const end = await registry(
      test.cloud,
      "PUT",
      `${first}?digest=${sha256(Buffer.from("one-two"))}`,
      Buffer.from("two"),
    );
    expect(end.status).toBe(201);

    const wrong = await registry(
      test.cloud,
      "PUT",
      `${await begin()}?digest=${sha256(Buffer.from("a"))}`,
      Buffer.from("b"),
    );
    expect([wrong.status, await code(wrong)]).toEqual([400, "DIGEST_INVALID"]);
    expect((await registry(test.cloud, "HEAD", at(`parts/blobs/${sha256(Buffer.from("a"))}`))).status).toBe(404);
  });

  it("refuses a manifest whose layers were not pushed", async () => {
    const { manifest, mediaType } = image([Buffer.from("never pushed")]);
    const put = await registry(test.cloud, "PUT", at("lost/manifests/v1"), manifest, { "content-type": mediaType });
    expect([put.status, await code(put)]).toEqual([404, "MANIFEST_BLOB_UNKNOWN"]);
  });

  it("refuses callers without a password, and what the password does not allow", async () => {
    const bare = await fetch(`${test.cloud.registryUrl}/v2/`);
    expect([bare.status, bare.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="registry"']);
    expect((await registry(test.cloud, "GET", "/v2/")).status).toBe(200);

    const path = `/accounts/${test.accountId}/containers/registries/registry.cloudflare.com/credentials`;
    const issued = await test.api("POST", path, { permissions: ["pull"], expiration_minutes: 5 });
    expect(issued.status).toBe(201);
    const { username, password, registry_host } = issued.body.result as Record<
      "username" | "password" | "registry_host",
      string
    >;
    expect(`http://${registry_host}`).toBe(test.cloud.registryUrl); // where a push reaches this registry
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const withPassword = (method: string, header: string) =>
      registry(test.cloud, method, at(method === "GET" ? "shop/tags/list" : "shop/blobs/uploads/"), undefined, {
        authorization: header,
      });
    expect((await withPassword("GET", authorization)).status).toBe(200);
    expect(await code(await withPassword("POST", authorization))).toBe("DENIED");
    const forged = `Basic ${Buffer.from(`${username}:${password.slice(0, -1)}`).toString("base64")}`;
    expect((await withPassword("GET", forged)).status).toBe(401);
    expect(test.problems).toEqual([]);
  });

  it("takes a whole push with issued credentials, as Basic and as Bearer, and tells of a manifest without sending it", async () => {
    const path = `/accounts/${test.accountId}/containers/registries/registry.cloudflare.com/credentials`;
    const issued = await test.api("POST", path, { permissions: ["pull", "push"], expiration_minutes: 15 });
    const { username, password } = issued.body.result as { username: string; password: string };
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    for (const [tag, authorization] of [
      ["basic", basic],
      ["bearer", `Bearer ${password}`],
    ] as const) {
      const pushed = image([await layer({ "app/server.js": tag })]);
      const head = () => registry(test.cloud, "HEAD", at(`issued/manifests/${tag}`), undefined, { authorization });
      expect((await head()).status).toBe(404);
      const name = await push({ ...test.cloud, apiToken: password }, "issued", pushed, tag);
      const found = await head();
      expect(found.status).toBe(200);
      expect(Object.fromEntries(found.headers)).toMatchObject({
        "content-length": String(pushed.manifest.length),
        "content-type": pushed.mediaType,
        "docker-content-digest": name.split("@")[1],
      });
    }
    const api = await fetch(`${test.cloud.apiUrl}/user`, { headers: { authorization: `Bearer ${password}` } });
    expect(api.status).toBe(401); // the registry's password opens nothing else
  });

  it("refuses repositories of another account, and names that are none", async () => {
    const other = await registry(test.cloud, "POST", `/v2/${"0".repeat(32)}/x/blobs/uploads/`);
    expect([other.status, await code(other)]).toEqual([403, "DENIED"]);
    const bad = await registry(test.cloud, "POST", at("UPPER/blobs/uploads/"));
    expect([bad.status, await code(bad)]).toEqual([400, "NAME_INVALID"]);
    const escaping = await registry(test.cloud, "GET", at("shop/blobs/sha256:..%2F..%2Fkey"));
    expect(escaping.status).toBe(404);
  });
});
