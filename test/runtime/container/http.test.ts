import { GenerateResponseSchema } from "../../../runtime/contract/generate";
import { PERSONA_HASH_PATTERN } from "../../../runtime/contract/persona";
import { canonicalBody } from "./fixtures";
import { startGenerator, type Generator } from "./generator";

let server: Generator;

beforeAll(async () => {
  server = await startGenerator({ BUILD_ID: "abc123" });
});
afterAll(() => server.close());

describe("POST /generate with the canonical body", () => {
  it("answers with a page of the template where no model is configured", async () => {
    const { status, headers, body } = await server.post(canonicalBody());
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(GenerateResponseSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      status: "success",
      meta: { model: "template", source: "template", tokens_used: { total: 0 } },
    });
    expect(body.ui.html).toMatch(/^<!doctype html>/i);
    expect(body.ui.csp_hash).toMatch(/^sha256-/);
    for (const { title } of canonicalBody().shop.products) expect(body.ui.html).toContain(title);
    expect(body.ui.html).not.toContain(canonicalBody().shopper_id);
  });

  it("computes the persona's hash, and keeps one that it is given", async () => {
    const computed = await server.post(canonicalBody());
    expect(computed.body.ui.persona_hash).toMatch(PERSONA_HASH_PATTERN);
    expect(computed.body.ui.persona_hash).toContain("_minimalist_85_");
    const hash = "v2_minimalist_85_00abcdef";
    const given = canonicalBody();
    given.persona.hash = hash;
    expect((await server.post(given)).body.ui.persona_hash).toBe(hash);
  });

  it("makes only the sections that were asked for", async () => {
    const { body } = await server.post({ ...canonicalBody(), options: { components: ["grid"] } });
    expect([...new Set(body.ui.components.map((section) => section.type))]).toEqual(["grid"]);
  });

  it("puts the page's address and script where the caller wants them", async () => {
    const page = { canonical_url: "https://shop.example/s/store", script_url: "/assets/client-1.js" };
    const { body } = await server.post({ ...canonicalBody(), page });
    expect(body.ui.html).toContain(page.canonical_url);
    expect(body.ui.html).toContain(page.script_url);
  });

  it("accepts the other spelling of a persona", async () => {
    const body = canonicalBody();
    const { status } = await server.post({ ...body, persona: { ...body.persona, type: "bargain_hunter" } });
    expect(status).toBe(200);
  });

  it.each<[string, (body: ReturnType<typeof canonicalBody>) => unknown, string, string]>([
    ["a price that is a word", (b) => set(b.shop.products[0], "price", "free"), "BAD_REQUEST", "shop.products.0.price"],
    ["no product", (b) => set(b.shop, "products", []), "BAD_REQUEST", "shop.products"],
    [
      "a script as a picture",
      (b) => set(b.shop.products[1], "image_url", "javascript:1"),
      "BAD_REQUEST",
      "shop.products.1.image_url",
    ],
    ["a persona nobody knows", (b) => set(b.persona, "type", "vampire"), "INVALID_PERSONA", "persona.type"],
    ["a confidence above one", (b) => set(b.persona, "confidence", 85), "INVALID_PERSONA", "persona.confidence"],
    ["no shopper", (b) => set(b, "shopper_id", undefined), "BAD_REQUEST", "shopper_id"],
  ])("refuses %s, naming the field", async (_name, spoil, code, field) => {
    const body = canonicalBody();
    spoil(body);
    const answer = await server.post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ status: "error", ui: null, error: { code, field, retryable: false } });
    expect(answer.body.error.message).toContain(field);
    expect(answer.body.meta.generated_at).toMatch(/^\d{4}-/);
  });

  it.each(["{", '"text"', ""])("refuses a body that is no JSON object: %j", async (text) => {
    const { status, body } = await server.post(text);
    expect(status).toBe(400);
    expect(body.error.code).toBe("BAD_REQUEST");
  });

  it("refuses another media type", async () => {
    const { status, body } = await server.post(canonicalBody(), { "Content-Type": "text/plain" });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "BAD_REQUEST", field: "Content-Type" });
  });

  it("takes a body of just under 1 MiB and refuses one of more", async () => {
    const body = canonicalBody();
    const room = 1024 * 1024 - JSON.stringify({ ...body, pad: "" }).length;
    expect((await server.post({ ...body, pad: "x".repeat(room) })).status).toBe(200);
    const refused = await server.post({ ...body, pad: "x".repeat(room + 1) });
    expect(refused.status).toBe(413);
    expect(refused.body.error).toMatchObject({ code: "BODY_TOO_LARGE", retryable: false });
  });

  it.each(["0", "120001", "-5", "1.5", "soon"])("refuses a deadline of %s", async (deadline) => {
    const { status, body } = await server.post(canonicalBody(), { "X-Deadline-Ms": deadline });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "BAD_REQUEST", field: "X-Deadline-Ms" });
  });

  it.each(["1", "120000"])("takes a deadline of %s ms", async (deadline) => {
    expect((await server.post(canonicalBody(), { "X-Deadline-Ms": deadline })).status).toBe(200);
  });
});

describe("POST /generate with the thin body", () => {
  const { products, brand_guidelines: brand } = canonicalBody().shop;
  const thin = { jobId: "job-1", storeSlug: "magic-wands", shopperId: "abc123", preferences: { products } };

  it("answers in its own shape", async () => {
    const { status, body } = await server.post(thin);
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, html: expect.any(String), persona: "unknown", source: "template" });
    expect((body as unknown as { html: string }).html).toContain("Desk Lamp");
  });

  it("detects the persona from signals, or takes the one that is given", async () => {
    const signals = { browsing_patterns: ["sale_seeking", "price_sorting"], price_sensitivity: "high" };
    const detected = await server.post({ ...thin, preferences: { products, brand, signals } });
    expect(detected.body).toMatchObject({ success: true, persona: "dealhunter" });
    const given = await server.post({ ...thin, preferences: { products, persona: canonicalBody().persona } });
    expect(given.body).toMatchObject({ success: true, persona: "minimalist" });
  });

  it.each<[string, object, string]>([
    ["without products", { ...thin, preferences: {} }, "preferences.products"],
    ["without preferences", { ...thin, preferences: undefined }, "preferences"],
    ["with a slug that cannot be one", { ...thin, storeSlug: "../etc" }, "storeSlug"],
  ])("is refused %s, naming the field", async (_name, sent, field) => {
    const { status, body } = await server.post(sent);
    expect(status).toBe(400);
    expect(body).toMatchObject({ success: false, error: { code: "BAD_REQUEST", field } });
  });
});

describe("other routes", () => {
  it("GET /health says what it is and only what it can know", async () => {
    const response = await fetch(`${server.url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: "healthy",
      version: "1.0.0",
      build_id: "abc123",
      uptime_seconds: expect.any(Number),
      checks: { llm_api: "not_configured" },
    });
  });

  it.each([
    ["GET", "/", 404, "NOT_FOUND"],
    ["POST", "/generate/more", 404, "NOT_FOUND"],
    ["GET", "/generate", 405, "METHOD_NOT_ALLOWED"],
    ["DELETE", "/health", 405, "METHOD_NOT_ALLOWED"],
    ["PROPFIND", "/health", 405, "METHOD_NOT_ALLOWED"],
  ])("%s %s is %d in JSON", async (method, path, status, code) => {
    const response = await fetch(server.url + path, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status: "error", error: { code, retryable: false } });
  });

  it("are logged by their pattern, never by their address", async () => {
    await fetch(`${server.url}/s/shop?shopper=alice`);
    expect(server.logText()).not.toContain("alice");
    expect(server.lines().at(-1)).toMatchObject({ event: "request", route: "none", status: 404 });
    await fetch(`${server.url}/health?shopper=alice`);
    expect(server.lines().at(-1)).toMatchObject({ event: "request", route: "/health", status: 200 });
  });
});

function set(target: object | undefined, key: string, value: unknown): void {
  Object.assign(target ?? {}, { [key]: value });
}
