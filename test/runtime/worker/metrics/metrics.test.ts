import { isDeepStrictEqual } from "node:util";
import type { GenerateResponse } from "../../../../runtime/contract/generate";
import { ADMIN_TOKEN, Edge, eventually } from "../harness";
import { answer, errorOf, pageFor } from "../support/generator";
import { storeRecord } from "../support/store";
import { parseExposition, valueIn, type Scrape } from "./exposition";

const STORE = "magic-wands";
const MODELS = "model-shop";
const BROKEN = "broken-shop";
const edge = new Edge();
const admin = { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } };

async function scrape(): Promise<Scrape> {
  return parseExposition(await (await edge.fetch("/metrics", admin)).text());
}
const valueOf = async (name: string, labels?: Record<string, string>) =>
  valueIn(await scrape(), `wandstore_${name}`, labels);

/** A generator whose first model failed, whose second was held back and whose third made the page. */
const META: Partial<GenerateResponse["meta"]> = {
  model: "model-c",
  source: "model",
  tokens_used: { prompt: 1200, completion: 300, total: 1500 },
  usd: 0.25,
  attempts: [
    { model: "model-a", outcome: "TIMEOUT", ms: 900 },
    { model: "model-a", outcome: "UNSAFE_PAGE", ms: 800 },
    { model: "model-b", outcome: "BREAKER_OPEN", ms: 0 },
    { model: "model-c", outcome: "ok", ms: 400 },
  ],
};

beforeAll(async () => {
  await edge.start();
  for (const slug of [STORE, MODELS, BROKEN]) await edge.putStore(storeRecord(slug));
  edge.generator.behaviours.set(MODELS, ({ request }, to) => {
    const page = pageFor(request, "model");
    answer(to, 200, { ...page, meta: { ...page.meta, ...META } });
  });
  edge.generator.behaviours.set(BROKEN, (_, to) => answer(to, 400, errorOf("INVALID_PERSONA", "no")));
});
afterAll(() => edge.stop());

describe("GET /metrics", () => {
  it("is for whoever has the admin token; for others there is no such route", async () => {
    for (const headers of [{}, { Authorization: "Bearer wrong" }, { Authorization: ADMIN_TOKEN }]) {
      const response = await edge.fetch("/metrics", { headers });
      expect([response.status, (await response.json()) as object]).toMatchObject([
        404,
        { error: { code: "NOT_FOUND" } },
      ]);
    }
    // The scheme is a word in any case (RFC 9110, 11.1).
    expect((await edge.fetch("/metrics", { headers: { Authorization: `bearer ${ADMIN_TOKEN}` } })).status).toBe(200);
    const response = await edge.fetch("/metrics", admin);
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect((await edge.fetch("/metrics", { method: "POST", ...admin })).status).toBe(405);
  });

  it("has the page views by tier and by whether a page could have been there", async () => {
    await edge.fetch(`/s/${STORE}`);
    await edge.fetch(`/s/${STORE}?shopper=ann`);
    await edge.until(STORE, "ann", "ready");
    await edge.fetch(`/s/${STORE}?shopper=ann`);
    const found = await scrape();
    const pages = (labels: object) => valueIn(found, "wandstore_pages_total", { store: STORE, ...labels });
    expect(pages({ source: "fallback", visitor: "new" })).toBe(1);
    expect(pages({ source: "fallback", visitor: "known" })).toBe(1);
    const stored = found.samples.filter(
      ({ labels }) => labels["visitor"] === "known" && labels["source"] !== "fallback",
    );
    expect(stored.map(({ value }) => value)).toEqual([1]);
    const ratios = found.samples.filter(({ name }) => name === "wandstore_page_source_ratio");
    expect(ratios.map(({ value }) => value)).toEqual([0.5, 0.5]);
  });

  it("has what a generation took: its time, each call, breakers, tokens, dollars", async () => {
    await edge.fetch(`/s/${MODELS}?shopper=bea`);
    await edge.until(MODELS, "bea", "ready");
    const found = await scrape();
    const value = (name: string, labels: object) => valueIn(found, `wandstore_${name}`, { ...labels });
    expect(value("generations_total", { store: MODELS, source: "model" })).toBe(1);
    expect(value("generation_seconds_count", { source: "model" })).toBe(1);
    expect(value("generation_seconds_sum", { source: "model" })).toBeLessThan(60);
    expect(value("model_calls_total", { model: "model-a", outcome: "TIMEOUT" })).toBe(1);
    expect(value("model_calls_total", { model: "model-b", outcome: "BREAKER_OPEN" })).toBe(1);
    expect(value("sanitiser_refusals_total", { model: "model-a" })).toBe(1);
    expect(value("model_breaker_open", { model: "model-b" })).toBe(1);
    expect(value("model_breaker_open", { model: "model-c" })).toBe(0);
    expect(value("model_tokens_total", { store: MODELS, model: "model-c", kind: "prompt" })).toBe(1200);
    expect(value("model_usd_total", { store: MODELS, model: "model-c" })).toBe(0.25);
    expect(value("generation_quantile_seconds", { quantile: "0.95" })).toBeLessThan(60);
    expect(found.samples.some(({ name }) => name === "wandstore_job_wait_seconds_count")).toBe(true);
  });

  it("has the lines of the members as they are, also when they are empty again", async () => {
    const lines = async (name: string) =>
      (await scrape()).samples.filter((sample) => sample.name === `wandstore_${name}`).map(({ value }) => value);
    const isEmpty = async () => {
      const values = [...(await lines("queue_depth")), ...(await lines("queue_age_seconds"))];
      return (values.length > 0 && values.every((value) => value === 0)) || undefined;
    };
    await eventually(isEmpty, "the lines to be empty");
    expect(Math.max(...(await lines("queue_depth_highest")))).toBeGreaterThanOrEqual(1);
  });

  it("has the generations that came to nothing, their dead jobs and the errors that were answered", async () => {
    await edge.fetch(`/s/${BROKEN}?shopper=cleo`);
    await edge.until(BROKEN, "cleo", "failed");
    expect((await edge.fetch("/s/no-such-shop")).status).toBe(404);
    const found = await scrape();
    expect(valueIn(found, "wandstore_jobs_total", { store: BROKEN, state: "failed" })).toBe(1);
    expect(valueIn(found, "wandstore_generation_seconds_count", { source: "failed" })).toBe(1);
    expect(valueIn(found, "wandstore_error_answers_total", { code: "UNKNOWN_STORE", status: "404" })).toBe(1);
  });

  it("names no shopper", async () => {
    const text = await (await edge.fetch("/metrics", admin)).text();
    expect(text).not.toMatch(/\b(ann|bea|cleo)\b/);
  });

  it("has what was counted before a restart, and counters that go on from there", async () => {
    const before = await valueOf("model_usd_total", { model: "model-c" });
    await edge.restart();
    expect(await valueOf("model_usd_total", { model: "model-c" })).toBe(before);
  });
});

it("what was counted is sent though no other request comes", async () => {
  await edge.fetch("/s/nobody-comes-after-this");
  const namespace = await edge.mf.getDurableObjectNamespace("METRICS");
  const object = namespace.get(namespace.idFromName("metrics")) as unknown as {
    totals(since: number): Promise<object>;
  };
  const key = 'error_answers_total{"code":"UNKNOWN_STORE","status":"404"}';
  // Straight from the object: a scrape would send what the isolate holds.
  await eventually(
    async () => ((await object.totals(0)) as Record<string, number>)[key] === 2 || undefined,
    "the figure",
  );
});

describe("POST /api/csp-report", () => {
  const report = (body: string | object, type = "application/csp-report") =>
    edge.fetch("/api/csp-report", {
      method: "POST",
      headers: { "Content-Type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const counted = async () => {
    const { samples } = await scrape();
    const found = samples.filter(({ name }) => name === "wandstore_csp_reports_total");
    return Object.fromEntries(found.map(({ labels, value }) => [labels["directive"], value]));
  };
  const listed = (directive: string, type = "csp-violation") => ({
    type,
    age: 1,
    url: "https://shop.test/s/a?shopper=dora",
    body: { effectiveDirective: directive, documentURL: "https://shop.test/s/a?shopper=dora" },
  });

  it("is where a page's policy says that reports go, by both ways", async () => {
    const { headers } = await edge.fetch(`/s/${STORE}`);
    expect(headers.get("Content-Security-Policy")).toMatch(/; report-uri \/api\/csp-report; report-to csp$/);
    expect(headers.get("Reporting-Endpoints")).toBe('csp="/api/csp-report"');
    expect((await edge.fetch("/health")).headers.get("Reporting-Endpoints")).toBeNull();
  });

  it("counts the directive, and answers 204 to everything", async () => {
    const bodies: [string | object, string?][] = [
      [
        {
          "csp-report": {
            "effective-directive": "script-src-elem",
            "document-uri": "https://shop.test/s/a?shopper=dora",
          },
        },
      ],
      [{ "csp-report": { "violated-directive": "img-src 'self' https://pictures.example" } }],
      [[listed("script-src-elem"), listed("x-made-up"), listed("img-src", "deprecation")], "application/reports+json"],
      ["no json"],
      [{}],
      ["x".repeat(17 * 1024)],
      [{ "csp-report": { "effective-directive": "style-src", sample: "x".repeat(17 * 1024) } }],
    ];
    for (const [body, type] of bodies) {
      const response = await report(body, type);
      expect([response.status, await response.text()]).toEqual([204, ""]);
    }
    expect(await counted()).toEqual({ "script-src-elem": 2, "img-src": 1, other: 1 });
    expect((await edge.fetch("/api/csp-report")).status).toBe(405);
  });

  it("counts no more than so many a minute, and keeps nothing of a report", async () => {
    await Promise.all(Array.from({ length: 260 }, () => report([listed("font-src")], "application/reports+json")));
    const fonts = (await counted())["font-src"] ?? 0;
    expect(fonts).toBeGreaterThan(100);
    // Twice as many, where a minute ends meanwhile.
    expect(fonts).toBeLessThanOrEqual(240);
    expect(edge.log.join("")).not.toContain("dora");
  });
});

test("a request's id follows its job: in the Worker's log, the queue's, and to the generator", async () => {
  const response = await edge.fetch(`/s/${STORE}?shopper=eve`);
  const id = response.headers.get("X-Request-Id") ?? "none";
  await edge.until(STORE, "eve", "ready");
  const [asked] = edge.generator.askedFor("eve");
  expect(asked?.headers["x-request-id"]).toBe(id);
  const lines = () =>
    edge.log
      .join("")
      .split("\n")
      .filter((line) => line.includes(id))
      .map((line) => JSON.parse(line) as Record<string, string>);
  const find = (event: string) =>
    eventually(async () => lines().find((line) => line["event"] === event), `a line ${event} with the request's id`);
  const [requested, stored] = [await find("page_requested"), await find("page_stored")];
  expect(stored["job_id"]).toBe(requested["job_id"]);
  for (const line of lines()) {
    expect(line).toMatchObject({
      time: expect.any(String) as string,
      level: expect.any(String) as string,
      request_id: id,
    });
    expect(JSON.stringify(line)).not.toContain('eve"');
  }
});

describe("GET /metrics/window", () => {
  const window = async (query = "") => {
    const response = await edge.fetch(`/metrics/window${query}`, admin);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("is for whoever has the admin token; for others there is no such route", async () => {
    expect((await edge.fetch("/metrics/window")).status).toBe(404);
    expect((await edge.fetch("/metrics/window", { method: "POST", ...admin })).status).toBe(405);
  });

  it("has what counters came to, and since when", async () => {
    await edge.fetch(`/s/${STORE}`);
    const { status, body } = await window("?hours=2");
    expect(status).toBe(200);
    const { from, to, sums } = body as { from: string; to: string; sums: Record<string, number> };
    expect(sums["pages_total"]).toBeGreaterThanOrEqual(1);
    expect(Object.keys(sums).filter((name) => !name.endsWith("_total"))).toEqual([]);
    const [since, until] = [Date.parse(from), Date.parse(to)];
    expect(until - since).toBeLessThanOrEqual(2 * 3_600_000);
    expect([since % 60_000, since <= until]).toEqual([0, true]);
    // What tests before this one began may still be counted between the two questions.
    await eventually(async () => {
      const [two, all] = [await window("?hours=2"), await window()];
      return isDeepStrictEqual(two.body["sums"], all.body["sums"]) || undefined;
    }, "the sums of two hours and of all time to be the same, where nothing is older");
  });

  it.each(["0", "169", "-1", "1.5", "abc", ""])("refuses %j hours with what is allowed", async (hours) => {
    expect(await window(`?hours=${hours}`)).toMatchObject({
      status: 400,
      body: {
        error: { code: "BAD_REQUEST", field: "hours", message: expect.stringContaining("from 1 to 168") as string },
      },
    });
  });
});
