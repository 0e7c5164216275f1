import type { ServerResponse } from "node:http";
import { CatalogueError } from "../../../../runtime/lib/catalogue";
import { readStorefront } from "../../../../runtime/lib/catalogue/storefrontApi";
import { json, StorefrontStub } from "../../support/storefrontStub";

const shop = { shopUrl: "https://tea.example", currency: "EUR" };
const TOKEN = "planted-token-77";
const products = [{ id: "1", handle: "tea", variants: [{ id: "11", price: "1.0" }] }];

const stub = new StorefrontStub({ products });
let endpoint = "";
beforeAll(async () => (endpoint = await stub.listen()));
afterAll(() => stub.close());
beforeEach(() => (stub.asked.length = 0));

type Answer = (response: ServerResponse, count: number) => void;

/** Reads from a shop whose first answers are these; what the reader slept between them, in milliseconds. */
async function read(answers: readonly Answer[], requestMs = 5_000) {
  stub.interfere = (_asked, count, response) => {
    const answer = answers[count - 1];
    answer?.(response, count);
    return answer !== undefined;
  };
  const slept: number[] = [];
  const clock = { now: () => Date.UTC(2026, 0, 1), sleep: async (ms: number) => void slept.push(ms), requestMs };
  const outcome = await readStorefront({ endpoint, accessToken: TOKEN }, endpoint, shop, { clock }).then(
    (reading) => reading.products.map(({ id }) => id),
    (error: unknown) => error,
  );
  return { outcome, slept };
}

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end("{}");
const errors =
  (code: string | undefined, more: object = {}): Answer =>
  (response) =>
    json(response, { errors: [{ message: "No such luck", ...(code && { extensions: { code } }) }], ...more });
const times = (count: number, answer: Answer): Answer[] => Array.from({ length: count }, () => answer);

describe("what may pass is tried again", () => {
  const cost = { requestedQueryCost: 300, throttleStatus: { currentlyAvailable: 100, restoreRate: 50 } };

  it.each<[string, Answer, number]>([
    ["THROTTLED", errors("THROTTLED"), 0],
    ["THROTTLED with its cost, when the bucket holds it", errors("THROTTLED", { extensions: { cost } }), 4_000],
    ["INTERNAL_SERVER_ERROR", errors("INTERNAL_SERVER_ERROR"), 0],
    ["429 with Retry-After in seconds", status(429, { "Retry-After": "7" }), 7_000],
    ["430 with Retry-After as a date", status(430, { "Retry-After": "Thu, 01 Jan 2026 00:00:09 GMT" }), 9_000],
    ["430 with a Retry-After that is none", status(430, { "Retry-After": "soon" }), 0],
    ["500", status(500), 0],
    ["503", status(503), 0],
    [
      "an answer that ends in its middle",
      (response) => {
        response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" }).write('{"data":');
        setImmediate(() => response.destroy());
      },
      0,
    ],
    [
      "half an answer that claims to be whole",
      (response) => {
        response.writeHead(200, { "Content-Type": "application/json" }).end('{"data":{"products":{"no');
      },
      0,
    ],
    ["a connection that breaks", (response) => void response.destroy(), 0],
  ])("%s", async (_what, answer, pause) => {
    const { outcome, slept } = await read([answer]);
    expect(outcome).toEqual(["tea"]);
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThanOrEqual(pause);
    expect(slept[0]).toBeLessThan(pause + 10_000);
  });

  it("an answer that does not come within the deadline", async () => {
    const { outcome } = await read([() => undefined], 2_000);
    expect(outcome).toEqual(["tea"]);
  });

  it("four times at most, and not when the shop asks to wait longer than anybody would", async () => {
    const often = await read(times(9, status(503)));
    expect(String(often.outcome)).toMatch(/found HTTP 503: Shopify failed in itself/);
    expect(stub.asked).toHaveLength(5);
    stub.asked.length = 0;
    const long = await read([status(429, { "Retry-After": "3600" })]);
    expect(String(long.outcome)).toMatch(/found HTTP 429: the shop asks for fewer requests/);
    expect(long.slept).toEqual([]);
  });
});

describe("what no other try changes is told at once: what was found, what is allowed, what to do", () => {
  it.each<[string, Answer, RegExp]>([
    ["401", status(401), /found HTTP 401: the access token was refused; set the shop's own in shopifyStorefrontTokens/],
    ["402", status(402), /found HTTP 402: the shop is frozen/],
    ["403", status(403), /found HTTP 403: the shop is closed to this request/],
    ["404", status(404), /found HTTP 404: there is no Storefront API; `domain` is the shop's domain at Shopify/],
    ["423", status(423), /found HTTP 423: the shop is locked/],
    ["400", status(400), /found HTTP 400: the query was refused; is `apiVersion` one/],
    ["418", status(418), /found HTTP 418: a Storefront API answers 200/],
    [
      "a redirect",
      status(301, { Location: "https://tea.example/" }),
      /leads to "https:\/\/tea\.example\/"; write the domain/,
    ],
    [
      "HTML",
      (response) => {
        response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Password</title>");
      },
      /found "text\/html"; the API answers with JSON/,
    ],
    ["no content type", (response) => void response.writeHead(200).end("{}"), /found "no type"/],
    ["JSON that is no answer", (response) => json(response, []), /an answer has `data`/],
    ["null", (response) => json(response, null), /found null; an answer has `data`/],
    [
      "an answer to another question",
      (response) => json(response, { data: { shop: {} } }),
      /not what was asked for \(products\)/,
    ],
    [
      "ACCESS_DENIED to the products",
      (response) => {
        const error = { message: "Access denied", path: ["products"], extensions: { code: "ACCESS_DENIED" } };
        json(response, { data: null, errors: [error] });
      },
      /Access denied.*needs the scope unauthenticated_read_product_listings/,
    ],
    ["SHOP_INACTIVE", errors("SHOP_INACTIVE"), /the shop is not active/],
    ["an error of a code nobody knows", errors("UNHEARD_OF"), /the query was refused: "No such luck"/],
    ["an error without a code", errors(undefined), /the query was refused: "No such luck"/],
    [
      "errors that are a text",
      (response) => json(response, { errors: "Not Found" }),
      /errors of an unknown form: "Not Found"/,
    ],
  ])("%s", async (_what, answer, expected) => {
    const { outcome, slept } = await read(times(9, answer));
    expect(outcome).toBeInstanceOf(CatalogueError);
    expect((outcome as Error).message).toMatch(expected);
    expect((outcome as Error).message).toContain(endpoint);
    expect(JSON.stringify([(outcome as Error).message, (outcome as Error).stack])).not.toContain(TOKEN);
    expect(slept).toEqual([]);
    expect(stub.asked).toHaveLength(1);
  });

  it("data beside an error is not taken for the whole", async () => {
    const { outcome } = await read([errors("UNHEARD_OF", { data: { products: { nodes: [], pageInfo: {} } } })]);
    expect(String(outcome)).toMatch(/the query was refused/);
  });
});

it("a shop that is not there is named, after it was tried again", async () => {
  const clock = { now: Date.now, sleep: async () => undefined };
  const closed = new StorefrontStub();
  const gone = await closed.listen();
  await closed.close();
  const reading = readStorefront({ endpoint: gone }, "tea.example", shop, { clock });
  await expect(reading).rejects.toThrow(
    /tea\.example: there was no whole answer \(ECONNREFUSED\); is the domain right/,
  );
});
