import { cloudflareApi, CloudflareError } from "../../infra/cloudflare";
import { type Answer, type HttpDouble, startDouble } from "./httpDouble";

const TOKEN = "a-token-that-no-message-may-hold";
let double: HttpDouble;
let answer: Answer;
beforeAll(async () => {
  double = await startDouble(() => answer);
});
afterAll(() => double.close());

const api = (apiToken = TOKEN) => cloudflareApi({ baseUrl: `${double.baseUrl}/`, apiToken, sleep: async () => {} });
const refusal = async (call: Promise<unknown>): Promise<CloudflareError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CloudflareError) return error;
  throw new Error(`expected a refusal, found ${String(error)}`);
};

test("a result comes out of its envelope, and the token goes along", async () => {
  answer = { result: { id: "1" } };
  expect(await api()("POST", "/accounts/a/things", { name: "x" })).toEqual({ id: "1" });
  expect(double.received.at(-1)).toEqual({ method: "POST", path: "/accounts/a/things", body: { name: "x" } });
  expect([...double.authorizations]).toEqual([`Bearer ${TOKEN}`]);
});

test("a refusal has Cloudflare's status, code and words, the request, and no token", async () => {
  answer = { status: 400, error: { code: 10021, message: "bindings are wrong" } };
  const error = await refusal(api()("POST", "/accounts/a/things", { secret: "s3cret" }));
  expect(error).toMatchObject({ status: 400, code: 10021, path: "POST /accounts/a/things", outcomeUnknown: false });
  expect(error.message).toBe("POST /accounts/a/things: bindings are wrong (400, code 10021)");
});

test("the containers API's own code is found inside its message", async () => {
  answer = { status: 400, error: { code: 1000, message: '{"error":"SURPASSED_BASE_LIMITS","details":{}}' } };
  expect((await refusal(api()("GET", "/x"))).code).toBe("SURPASSED_BASE_LIMITS");
});

test.each<[Answer, string, number]>([
  ["hang up", "NO_ANSWER", 0],
  [{ status: 502, raw: "<h1>Bad gateway</h1>" }, "NOT_AN_ENVELOPE", 502],
])("%j leaves the outcome unknown", async (given, code, status) => {
  answer = given;
  expect(await refusal(api()("GET", "/x"))).toMatchObject({ code, status, outcomeUnknown: true });
});

test("an answer that is no envelope says to look at the address", async () => {
  answer = { status: 200, raw: '{"hello":"world"}' };
  expect((await refusal(api()("GET", "/x"))).message).toContain("is the address right?");
});

test("without a token nothing is sent", async () => {
  const before = double.received.length;
  const error = await refusal(api("")("GET", "/x"));
  expect(error.code).toBe("NO_TOKEN");
  expect(error.message).toContain("CLOUDFLARE_API_TOKEN");
  expect(double.received).toHaveLength(before);
});

test("the deadline is kept", async () => {
  const slow = cloudflareApi({
    baseUrl: double.baseUrl,
    apiToken: TOKEN,
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  });
  expect((await refusal(slow("GET", "/x", undefined, { deadlineMs: 20 }))).message).toContain("within 20 ms");
});

test("a refusal without a result is a refusal all the same", async () => {
  answer = { status: 403, raw: '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}' };
  expect(await refusal(api()("GET", "/x"))).toMatchObject({ status: 403, code: 10000 });
});
