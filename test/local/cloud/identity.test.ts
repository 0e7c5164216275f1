import Cloudflare from "cloudflare";
import { refusal, startTestCloud, type TestCloud } from "./support";

describe("who may call the embedded cloud", () => {
  let test: TestCloud;
  beforeAll(async () => {
    test = await startTestCloud();
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const withToken = (apiToken: string) => new Cloudflare({ apiToken, baseURL: test.cloud.apiUrl, maxRetries: 0 });

  it("knows its token, its user and its one account", async () => {
    expect(await test.client.user.tokens.verify()).toMatchObject({ status: "active" });
    expect(await test.client.accounts.tokens.verify({ account_id: test.accountId })).toMatchObject({
      status: "active",
    });
    expect(await test.client.accounts.get({ account_id: test.accountId })).toMatchObject({ id: test.accountId });
    expect((await test.client.accounts.list()).result).toHaveLength(1);
    expect((await test.client.memberships.list()).result).toHaveLength(1);
    expect(await test.client.user.get()).toMatchObject({ email: expect.stringContaining("@") });
  });

  it("refuses a wrong token", async () => {
    const client = withToken("wrong");
    expect(await refusal(client.user.tokens.verify())).toMatchObject({ status: 401, code: 1000 });
    const list = client.kv.namespaces.list({ account_id: test.accountId });
    expect(await refusal(list)).toMatchObject({ status: 401, code: 10000, message: "Authentication error" });
  });

  it("refuses a request without a token", async () => {
    const answer = await fetch(`${test.cloud.apiUrl}/user`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { success: false, errors: [{ code: 9106 }] }]);
  });

  it("refuses another account, and what is no account id", async () => {
    const other = "0".repeat(32);
    expect(await refusal(test.client.accounts.get({ account_id: other }))).toMatchObject({ status: 403, code: 9109 });
    expect(await refusal(test.client.d1.database.list({ account_id: other }) as never)).toMatchObject({ status: 403 });
    expect(await refusal(test.client.accounts.get({ account_id: "mine" }))).toMatchObject({ status: 404, code: 7003 });
  });

  it("names a route that it does not have", async () => {
    const { status, body } = await test.api("GET", `/accounts/${test.accountId}/queues`);
    expect(status).toBe(404);
    expect(body.errors[0]?.message).toContain(`GET /client/v4/accounts/${test.accountId}/queues`);
  });

  it("names the edge in every answer, refusals too", async () => {
    const headers = { authorization: `Bearer ${test.cloud.apiToken}` };
    const account = `/accounts/${test.accountId}`;
    const edgeOf = async (path: string, init: RequestInit = { headers }) => {
      const answer = await fetch(`${test.cloud.apiUrl}${path}`, init);
      return [answer.status, answer.headers.get("cf-edge-url")];
    };
    expect(await edgeOf("/user")).toEqual([200, test.cloud.edgeUrl]);
    expect(await edgeOf("/user", {})).toEqual([400, test.cloud.edgeUrl]);
    expect(await edgeOf(`${account}/workers/workers/none`)).toEqual([404, test.cloud.edgeUrl]);
    expect(await edgeOf("/nothing")).toEqual([404, test.cloud.edgeUrl]);
    const large = { method: "POST", headers, body: "x".repeat(5_000_000) };
    expect(await edgeOf(`${account}/storage/kv/namespaces`, large)).toEqual([413, test.cloud.edgeUrl]);
  });

  it("refuses a body that is too large, and one that is no JSON", async () => {
    const path = `/accounts/${test.accountId}/storage/kv/namespaces`;
    expect((await test.api("POST", path, JSON.stringify({ title: "x".repeat(5_000_000) }))).status).toBe(413);
    expect((await test.api("POST", path, "{title}")).body.errors[0]?.message).toBe("Request body is not valid JSON");
  });

  it("does not let a name lead out of its folders", async () => {
    const account = `/accounts/${test.accountId}`;
    for (const name of ["..%2F..%2Fkey", "%2e%2e", "..%5C..%5Ctoken"]) {
      for (const path of [`/r2/buckets/${name}`, `/d1/database/${name}`, `/workers/scripts/${name}/settings`]) {
        expect((await test.api("GET", account + path)).status).toBe(404);
      }
    }
  });
});
