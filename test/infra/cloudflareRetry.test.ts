import { type CloudflareApi, cloudflareApi, CloudflareError } from "../../infra/cloudflare";
import { type Answer, type HttpDouble, type Received, startDouble } from "./httpDouble";

const BUSY: Answer = { status: 503, error: { code: 7, message: "try later" } };
const LIMITED: Answer = { status: 429, error: { code: 971, message: "too many requests" } };
const DONE: Answer = { result: "done" };

let answers: Answer[];
let double: HttpDouble;
let waits: number[];
let clock: number;
let api: CloudflareApi;
beforeEach(async () => {
  [answers, waits, clock] = [[], [], 0];
  double = await startDouble(() => answers.shift() ?? DONE);
  api = at(double.baseUrl);
});
afterEach(() => double.close());

/** The pauses take no time here: the clock goes on by them. */
function at(baseUrl: string): CloudflareApi {
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
    clock += ms;
  };
  return cloudflareApi({ baseUrl, apiToken: "t", sleep, now: () => clock });
}
const methods = () => double.received.map(({ method }: Received) => method);

test.each(["GET", "PUT", "DELETE"] as const)(
  "a %s is tried again after a 503 and after a lost answer",
  async (method) => {
    answers = [BUSY, "hang up"];
    expect(await api(method, "/x")).toBe("done");
    expect(methods()).toEqual([method, method, method]);
    expect(waits).toHaveLength(2);
  },
);

test.each(["POST", "PATCH"] as const)("a %s is not: it may have been carried out", async (method) => {
  answers = [BUSY];
  await expect(api(method, "/x", {})).rejects.toThrow(/503/);
  answers = ["hang up"];
  await expect(api(method, "/x", {})).rejects.toThrow(/no answer/);
  expect(methods()).toEqual([method, method]);
});

test("a POST that does no harm the second time may say so", async () => {
  answers = [BUSY, "hang up"];
  expect(await api("POST", "/query", {}, { idempotent: true })).toBe("done");
});

test.each(["GET", "POST", "PATCH"] as const)(
  "a %s that was rate-limited was not carried out, and is tried again",
  async (method) => {
    answers = [LIMITED, LIMITED];
    expect(await api(method, "/x")).toBe("done");
    expect(methods()).toEqual([method, method, method]);
  },
);

test("it waits as long as Retry-After asks, and a little longer", async () => {
  answers = [{ ...LIMITED, headers: { "retry-after": "20" } }];
  await api("POST", "/x", {});
  expect(waits[0]).toBeGreaterThanOrEqual(20_000);
  expect(waits[0]).toBeLessThan(31_000);
});

test("it does not wait for longer than two minutes in all", async () => {
  answers = [{ ...LIMITED, headers: { "retry-after": "121" } }];
  await expect(api("GET", "/x")).rejects.toThrow(/too many requests/);
  expect(waits).toEqual([]);
});

test("a request to where nothing listens is tried again whatever it is, and then says what is wrong", async () => {
  const gone = await startDouble(() => DONE);
  await gone.close();
  const refused = at(gone.baseUrl)("POST", "/x", {});
  await expect(refused).rejects.toMatchObject({ code: "NOT_REACHED", outcomeUnknown: false });
  expect(waits).toHaveLength(4);
});

test("the pauses grow, each is another one, and after four it gives up", async () => {
  answers = [BUSY, BUSY, BUSY, BUSY, BUSY, DONE];
  await expect(api("GET", "/x")).rejects.toThrow(/503/);
  expect(methods()).toHaveLength(5);
  expect(new Set(waits).size).toBe(4);
  expect(waits.every((ms) => ms > 0 && ms <= 10_000)).toBe(true);
});

test.each<[string, Answer]>([
  ["a refusal", { status: 400, error: { code: 10021, message: "wrong" } }],
  ["what is not there", { status: 404, error: { code: 7, message: "gone" } }],
  ["what the server does not have", { status: 501, error: { code: 7, message: "not supported" } }],
  ["an answer that is not Cloudflare's", { status: 200, raw: "<html>" }],
])("%s is final", async (_what, answer) => {
  answers = [answer];
  await expect(api("GET", "/x")).rejects.toThrow(CloudflareError);
  expect(methods()).toHaveLength(1);
});

test("a cancelled deployment tries nothing again, and cuts nothing", async () => {
  const cancelled = new AbortController();
  cancelled.abort(new Error("cancelled"));
  expect(await api("GET", "/x", undefined, { signal: cancelled.signal })).toBe("done");
  answers = [BUSY];
  await expect(api("GET", "/x", undefined, { signal: cancelled.signal })).rejects.toThrow(/503/);
});

test("a redirect is not followed: the token goes to one address only", async () => {
  const elsewhere = await startDouble(() => DONE);
  answers = [{ status: 302, raw: "", headers: { location: `${elsewhere.baseUrl}/x` } }];
  await expect(api("GET", "/x")).rejects.toThrow(/is the address right/);
  expect(elsewhere.received).toEqual([]);
  await elsewhere.close();
});
