import { PROMPT_VERSIONS } from "../../../runtime/contract/promptVersion";
import { canonicalBody, layoutText, MODEL_TITLE, SHOPPER_ID } from "./fixtures";
import { startGenerator, type Generator } from "./generator";
import { isClaude, startModelStub, STUB_TOKENS, type ModelStub, type Reply } from "./modelStub";
import { BUSY_MS, CLAUDE_KEY, closeScenes, KIMI_KEY, startScene, TIMES, until } from "./modelsScene";

let others: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all([closeScenes(), ...others.map((one) => one.close())]);
  others = [];
});

/** A generator with Kimi first and Claude second, both played by one stub. */
async function start(reply: (path: string, index: number) => Reply, times = TIMES): Promise<[Generator, ModelStub]> {
  const { generator, stub } = await startScene(reply, { times });
  return [generator, stub];
}

const good: Reply = { text: layoutText() };

describe("a page by a model", () => {
  it("is made by the first provider, in its wire format, in one call", async () => {
    const [server, models] = await start(() => good);
    const { status, body } = await server.post(canonicalBody());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "success",
      ui: { components: [{ type: "hero" }, { type: "grid", config: { product_ids: ["prod_001", "prod_003"] } }] },
      meta: { model: "kimi-k2.6", source: "model", tokens_used: { prompt: 1000, completion: 200, total: 1200 } },
    });
    expect(body.ui.html).toContain(MODEL_TITLE);
    expect(models.calls).toHaveLength(1);
    const [call] = models.calls;
    expect(call?.path).toBe("/v1/chat/completions");
    expect(call?.headers.authorization).toBe(`Bearer ${KIMI_KEY}`);
    expect(call?.body).toMatchObject({
      model: "kimi-k2.6",
      max_completion_tokens: 4000,
      thinking: { type: "disabled" },
      response_format: { type: "json_object" },
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(call?.body).not.toHaveProperty("temperature");
    expect(call?.body).not.toHaveProperty("max_tokens");
  });

  it("is made by Claude, in Anthropic's wire format, where the first refuses the request for good", async () => {
    const [server, models] = await start((path) => (isClaude(path) ? good : { status: 401 }));
    const { body } = await server.post(canonicalBody());
    expect(body.meta).toMatchObject({ model: "claude-haiku-5-5", source: "model" });
    expect(models.calls.map((call) => call.path)).toEqual(["/v1/chat/completions", "/v1/messages"]);
    expect(models.calls[1]?.headers.authorization).toBe(`Bearer ${CLAUDE_KEY}`);
    expect(models.calls[1]?.body).toMatchObject({
      model: "claude-haiku-5-5",
      max_tokens: 4000,
      stream: true,
      thinking: { type: "disabled" },
    });
    expect(models.calls[1]?.body).not.toHaveProperty("temperature");
  });

  it.each<[string, Reply]>([
    ["429", { status: 429 }],
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["a reset connection", "reset"],
  ])("asks the first provider once more after %s, then goes on", async (_name, fault) => {
    const [server, models] = await start((path) => (isClaude(path) ? good : fault));
    const { body } = await server.post(canonicalBody());
    expect(body.meta).toMatchObject({ model: "claude-haiku-5-5", source: "model" });
    expect(models.calls.map((call) => isClaude(call.path))).toEqual([false, false, true]);
  });

  it("stays with the first provider when the second attempt succeeds", async () => {
    const [server, models] = await start((_path, index) => (index === 0 ? { status: 503 } : good));
    expect((await server.post(canonicalBody())).body.meta.model).toBe("kimi-k2.6");
    expect(models.calls).toHaveLength(2);
  });

  it.each<[string, Reply]>([
    ["JSON in a code fence", { text: `\`\`\`json\n${layoutText()}\n\`\`\`` }],
    ["JSON with words around it", { text: `Here you are:\n${layoutText()}\nEnjoy!` }],
  ])("is made from %s", async (_name, reply) => {
    const [server, models] = await start(() => reply);
    expect((await server.post(canonicalBody())).body.meta.model).toBe("kimi-k2.6");
    expect(models.calls).toHaveLength(1);
  });

  it.each<[string, string]>([
    ["truncated JSON", layoutText().slice(0, -30)],
    ["no JSON at all", "I would rather not."],
    ["a section of an unknown type", `{"sections":[{"type":"script","id":"x","config":{}}]}`],
    ["only products that the catalogue lacks", gridOf(["prod_999"])],
  ])(
    "has the same model put %s right, with what was wrong, and goes to the next when it cannot",
    async (_name, text) => {
      const [server, models] = await start((path) => (isClaude(path) ? good : { text }));
      const { body } = await server.post(canonicalBody());
      expect(body).toMatchObject({ status: "success", meta: { model: "claude-haiku-5-5" } });
      expect(models.calls.map(({ path }) => isClaude(path))).toEqual([false, false, true]);
      const [first, second] = models.calls.map((call) => call.body.messages);
      expect(first?.[0]?.content).not.toContain("refused");
      expect(second?.[0]?.content).toMatch(/Your last answer stands between .* It was refused: The model/);
      expect(second?.[1]?.content).toContain(JSON.stringify({ answer: text }));
    },
  );

  it("is made from an answer that was put right", async () => {
    const [server, models] = await start((_path, index) => (index === 0 ? { text: gridOf(["prod_999"]) } : good));
    const { body } = await server.post(canonicalBody());
    expect(body).toMatchObject({ status: "success", meta: { model: "kimi-k2.6" } });
    expect(body.meta.attempts?.map(({ outcome }) => outcome)).toEqual(["GENERATION_FAILED", "ok"]);
    expect(models.calls).toHaveLength(2);
  });

  it("is not put right where the deadline leaves no room for another answer", async () => {
    const late = new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    const [server, models] = await start(() => ({ when: late, text: "nothing of use" }));
    const { body } = await server.post(canonicalBody(), { "X-Deadline-Ms": "1900" });
    expect(body.meta.source).toBe("template");
    expect(models.calls).toHaveLength(1);
  });

  it("drops products that the catalogue lacks and keeps the rest", async () => {
    const [server] = await start(() => ({ text: layoutText(["prod_999", "prod_002"]) }));
    const { body } = await server.post(canonicalBody());
    expect(body.ui.components[1]).toMatchObject({ type: "grid", config: { product_ids: ["prod_002"] } });
    expect(body.ui.html).not.toContain("prod_999");
  });

  it("leaves out a provider without a key, and says so in its health", async () => {
    const stub = await startModelStub(() => good);
    const providers = [{ kind: "openai", model: "local", baseUrl: stub.openAiUrl }];
    const generator = await startGenerator({ LLM_PROVIDERS: JSON.stringify(providers) });
    others = [stub, generator];
    expect((await generator.post(canonicalBody())).body.meta.source).toBe("template");
    expect(stub.calls).toHaveLength(0);
    const health = await fetch(`${generator.url}/health`);
    expect(await health.json()).toMatchObject({ status: "healthy", checks: { llm_api: "not_configured" } });
  });
});

describe("a page when the models fail", () => {
  it("is the template's, whole and correct, with what it took in the log", async () => {
    const [server, models] = await start(() => ({ text: "nothing of use" }));
    const { status, body } = await server.post(canonicalBody());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: "success",
      meta: { model: "template", source: "template", tokens_used: { total: 4 * 1200 } },
    });
    expect(body.ui.html).toContain("Wireless Earbuds Pro");
    expect(models.calls).toHaveLength(4);
    const record = server.lines().find((line) => line.event === "generation");
    expect(record).toMatchObject({
      outcome: "GENERATION_FAILED",
      model: "template",
      persona: "minimalist",
      prompt_version: PROMPT_VERSIONS.layout,
      attempts: [
        { model: "kimi-k2.6", outcome: "GENERATION_FAILED", tokens: STUB_TOKENS, usd: expect.closeTo(0.00175, 8) },
        { model: "kimi-k2.6", outcome: "GENERATION_FAILED" },
        { model: "claude-haiku-5-5", outcome: "GENERATION_FAILED", usd: expect.closeTo(0.0002, 8) },
        { model: "claude-haiku-5-5", outcome: "GENERATION_FAILED", ttft_ms: expect.any(Number) },
      ],
      usd: expect.closeTo(0.0039, 8),
    });
  });

  it("answers inside the deadline when a model hangs, and hangs up on the model", async () => {
    const [server, models] = await start(() => "hang");
    const began = performance.now();
    const { body } = await server.post(canonicalBody(), { "X-Deadline-Ms": "2000" });
    expect(performance.now() - began).toBeLessThan(2_000 + BUSY_MS);
    expect(body.meta.source).toBe("template");
    expect(models.calls).toHaveLength(1);
    await models.calls[0]?.hungUp;
    expect(server.lines().find((line) => line.event === "generation")).toMatchObject({ outcome: "TIMEOUT" });
  });

  it("asks no model at all when there is no time for one", async () => {
    const [server, models] = await start(() => good);
    const { body } = await server.post(canonicalBody(), { "X-Deadline-Ms": "500" });
    expect(body.meta.source).toBe("template");
    expect(models.calls).toHaveLength(0);
    expect(server.lines().find((line) => line.event === "generation")).toMatchObject({ outcome: "no_time" });
  });

  it("stops asking a provider after five failures in a row, and says so in its health", async () => {
    const [server, models] = await start(() => ({ status: 503 }));
    for (let page = 0; page < 6; page++) await server.post(canonicalBody());
    // Two attempts a page on Kimi: open after the first attempt of the third page. Claude: one a page, open after five.
    expect(models.calls.filter((call) => !isClaude(call.path))).toHaveLength(5);
    expect(models.calls.filter((call) => isClaude(call.path))).toHaveLength(5);
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ checks: { llm_api: "open" } });
    const last = server.lines().findLast((line) => line.event === "generation");
    expect(last).toMatchObject({ outcome: "BREAKER_OPEN", usd: 0 });
  });

  it("tries an open provider again after a while, and keeps it when it answers", async () => {
    let down = true;
    const [server, models] = await start(() => (down ? { status: 503 } : good), {
      retryDelayMs: 1,
      halfOpenAfterMs: 100,
    });
    for (let page = 0; page < 5; page++) await server.post(canonicalBody());
    const refused = models.calls.length;
    down = false;
    const end = performance.now() + 10_000;
    let model = "template";
    while (model === "template" && performance.now() < end)
      model = (await server.post(canonicalBody())).body.meta.model;
    expect(model).toBe("kimi-k2.6");
    expect(models.calls.length).toBeGreaterThan(refused);
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ checks: { llm_api: "ok" } });
  });

  it("ends the call to the model when the caller hangs up, and blames nobody", async () => {
    const [server, models] = await start(() => "hang");
    const caller = new AbortController();
    const request = fetch(`${server.url}/generate`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(canonicalBody()),
      signal: caller.signal,
    });
    await until(() => models.calls.length === 1);
    caller.abort();
    await expect(request).rejects.toThrow(/abort/i);
    await models.calls[0]?.hungUp;
    await until(() => server.lines().some((line) => line.event === "request"));
    expect(server.lines().find((line) => line.event === "request")).toMatchObject({ status: 499 });
    expect(models.calls).toHaveLength(1);
  });
});

describe("the log and the prompt", () => {
  it("hold no key, no shopper id, nothing of the prompt and nothing that a model's API said", async () => {
    const [server, models] = await start((path) => (isClaude(path) ? { status: 400 } : { status: 429 }));
    await server.post(canonicalBody());
    await server.post("{ broken");
    for (const secret of [KIMI_KEY, CLAUDE_KEY, SHOPPER_ID, "sk-stub-secret", "Wireless Earbuds", "broken"]) {
      expect(server.logText()).not.toContain(secret);
    }
    for (const call of models.calls) expect(JSON.stringify(call.body)).not.toContain(SHOPPER_ID);
    expect(server.lines().map((line) => line.event)).toEqual(["generation", "request", "error", "request"]);
  });

  it("follow a request by its id", async () => {
    const [server] = await start(() => good);
    const { headers } = await server.post(canonicalBody(), { "X-Request-Id": "edge-1" });
    expect(headers.get("x-request-id")).toBe("edge-1");
    expect(server.lines().map((line) => line.request_id)).toEqual(["edge-1", "edge-1"]);
    const forged = await server.post(canonicalBody(), { "X-Request-Id": "a b" });
    expect(forged.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

function gridOf(productIds: string[]): string {
  return JSON.stringify({ sections: [{ type: "grid", id: "grid_main", config: { product_ids: productIds } }] });
}
