import { apiRoutes } from "../../../../local/cloud/api/reference";
import { itIf } from "../../../support/skip";
import { HAS_DESCRIPTION, operationOf } from "../openapi";
import { refusal, startTestCloud, type TestCloud } from "../support";
import { accountRoundTrip, alertingRoundTrip } from "./account";
import { allMethods, callBlindly, recording } from "./methods";
import { NOT_IMITATED } from "./notImitated";
import { d1RoundTrip, kvRoundTrip, r2RoundTrip } from "./storage";
import {
  addressesRoundTrip,
  containersRoundTrip,
  durableObjectsRoundTrip,
  scriptsRoundTrip,
  workersRoundTrip,
} from "./workers";

jest.setTimeout(120_000);

describe("the official SDK, method by method", () => {
  let test: TestCloud;
  let client: TestCloud["client"];
  const called = new Set<string>();
  beforeAll(async () => {
    test = await startTestCloud();
    client = recording(test.client, called);
  });
  afterAll(() => test.stop());

  it("KV", () => kvRoundTrip(client, test.accountId));
  it("D1", () => d1RoundTrip(client, test.accountId));
  it("R2", () => r2RoundTrip(client, test.accountId));
  it("the account, its user, zones", () => accountRoundTrip(client, test.accountId));
  it("notifications", () => alertingRoundTrip(client, test.accountId));
  it("Workers and their versions", () => workersRoundTrip(client, test.accountId, test));
  it("Durable Objects", () => durableObjectsRoundTrip(client, test.accountId));
  it("scripts, with all that hangs under them", () => scriptsRoundTrip(client, test.accountId, test));
  it("routes, domains and subdomains, at which Workers answer", () => addressesRoundTrip(client, test.accountId, test));
  it("containers", () => containersRoundTrip(client, test.accountId, test));

  it("what the description has and the SDK has not", async () => {
    const account = `/accounts/${test.accountId}`;
    const call = async (method: string, path: string, body: unknown) => {
      const answer = await test.api(method, account + path, body);
      expect([method, path, answer.status]).toEqual([method, path, 200]);
      return answer.body.result as { id: string };
    };
    const { id } = await call("POST", "/storage/kv/namespaces", { title: "bulk" });
    await call("DELETE", `/storage/kv/namespaces/${id}/bulk`, ["key"]);
    await call("POST", "/r2/buckets", { name: "bulk" });
    expect(await call("DELETE", "/r2/buckets/bulk/objects", ["a", "b"])).toEqual([{ key: "a" }, { key: "b" }]);
    const env = { SECRET: { type: "secret_text", text: "shh" } };
    expect(await call("PATCH", "/workers/workers/pool/versions/latest", { env })).toMatchObject({ number: 2 });
  });

  const prefixes = NOT_IMITATED.flatMap(([some]) => some);
  const explained = (name: string) => prefixes.some((prefix) => name === prefix || name.startsWith(prefix));

  it("leaves no method out: each was called, or is refused for a reason that is written down", () => {
    const methods = allMethods(test.client);
    expect(methods.length).toBeGreaterThan(280);
    expect(methods.filter((name) => !called.has(name) && !explained(name))).toEqual([]);
    expect(methods.filter((name) => called.has(name) && explained(name))).toEqual([]);
    expect(prefixes.filter((prefix) => !methods.some((name) => name === prefix || name.startsWith(prefix)))).toEqual(
      [],
    );
  });

  it("refuses what is not imitated as Cloudflare refuses what it does not have", async () => {
    const [zone] = (await test.client.zones.list({ name: "example.com" })).result;
    for (const name of allMethods(test.client).filter(explained)) {
      const { status, code } = await refusal(callBlindly(test.client, name, test.accountId, zone?.id ?? ""));
      expect([name, [404, 405, 501].includes(status), [7000, 7001].includes(code)]).toEqual([name, true, true]);
    }
  });

  const judged = itIf(HAS_DESCRIPTION, "the API description is not at ../shared/data/cloudflare-openapi.json");

  judged(
    "answered all of it as Cloudflare's description says, each route once in success and once in refusal",
    async () => {
      const none = "0".repeat(32);
      const described = apiRoutes().flatMap((route) => {
        const operation = operationOf(route);
        return operation === undefined ? [] : [{ route, operation }];
      });
      expect(described.length).toBeGreaterThan(110);
      for (const { route } of described) {
        const [method = "", template = ""] = route.split(" ");
        const at = (account: string) => template.replace("{account}", account).replace(/\{\w+\}/g, none);
        const body = method === "GET" || method === "DELETE" ? undefined : {};
        const wrong = await test.api(method, at(test.accountId), body, { authorization: "Bearer wrong" });
        expect([route, wrong.status]).toEqual([route, 401]);
        if (template.includes("{account}")) {
          expect([route, (await test.api(method, at(none), body)).status]).toEqual([route, 403]);
        }
        if (!/\{(?!account)/.test(template)) continue;
        const { status } = await test.api(method, at(test.accountId), body);
        expect([route, [400, 403, 404].includes(status)]).toEqual([route, true]);
      }
      const unseen = described.filter(({ operation }) => !test.coverage.has(operation, "ok"));
      expect(unseen.map(({ operation }) => operation)).toEqual([]);
      expect(described.filter(({ operation }) => !test.coverage.has(operation, "refused"))).toEqual([]);
      expect([...new Set(test.problems)]).toEqual([]);
    },
  );
});
