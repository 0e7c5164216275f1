import { canonicalBody, layoutText, MODEL_TITLE } from "./fixtures";
import { startGenerator, type Generator } from "./generator";
import { isClaude, startModelStub, STUB_TOKENS, type Reply } from "./modelStub";
import { BUSY_MS, closeScenes, startScene } from "./modelsScene";

let others: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all([closeScenes(), ...others.map((one) => one.close())]);
  others = [];
});

const good: Reply = { text: layoutText() };
const behindHero = layoutText().indexOf('"grid_main"');

/** What the log says of each call of the last page. */
function attemptsIn(generator: Generator): Record<string, unknown>[] {
  const line = generator.lines().findLast(({ event }) => event === "generation");
  return line?.["attempts"] as Record<string, unknown>[];
}

describe("an answer that streams", () => {
  it.each(["kimi", "claude"] as const)(
    "of %s is counted as its API counts it, from the first token on",
    async (kind) => {
      const { generator } = await startScene(() => good, { order: [kind] });
      const { body } = await generator.post(canonicalBody());
      expect(body.ui.html).toContain(MODEL_TITLE);
      expect(body.meta.tokens_used).toEqual({ prompt: 1000, completion: 200, total: 1200 });
      const [attempt] = attemptsIn(generator);
      expect(attempt).toMatchObject({ outcome: "ok", tokens: STUB_TOKENS, ttft_ms: expect.any(Number) });
      expect(attempt?.["ttft_ms"]).toBeLessThanOrEqual(attempt?.["ms"] as number);
      // The wire contract names the other three.
      expect(Object.keys(body.meta.attempts?.[0] ?? {})).toEqual(["model", "outcome", "ms"]);
    },
  );

  it.each(["kimi", "claude"] as const)("of %s is estimated where it comes without a count", async (kind) => {
    const { generator } = await startScene(() => ({ text: layoutText(), uncounted: true }), { order: [kind] });
    const { tokens_used: tokens, usd } = (await generator.post(canonicalBody())).body.meta;
    expect(tokens.completion).toBe(Math.ceil(layoutText().length / 4));
    expect(tokens.prompt).toBeGreaterThan(300);
    expect(usd).toBeGreaterThan(0);
  });

  it("is paid for though it was cut off, and costs nothing where nothing came", async () => {
    const { generator } = await startScene((path) =>
      isClaude(path) ? { status: 503 } : { text: layoutText(), stop: { after: 60, how: "cut" } },
    );
    await generator.post(canonicalBody());
    const attempts = attemptsIn(generator);
    expect(attempts).toMatchObject([
      { model: "kimi-k2.6", outcome: "MODEL_UNAVAILABLE", tokens: { completion: 15 }, usd: expect.any(Number) },
      { model: "kimi-k2.6", outcome: "MODEL_UNAVAILABLE", tokens: { completion: 15 }, usd: expect.any(Number) },
      { model: "claude-haiku-5-5", outcome: "MODEL_UNAVAILABLE", tokens: { completion: 0 }, usd: 0, ttft_ms: null },
    ]);
    expect(attempts[0]?.["usd"]).toBeGreaterThan(0);
  });

  it("is not asked for its count where the family refuses that", async () => {
    const stub = await startModelStub(() => good);
    const providers = [{ kind: "openai", model: "mistral-small-latest", baseUrl: stub.openAiUrl }];
    const generator = await startGenerator({ LLM_PROVIDERS: JSON.stringify(providers), LLM_API_KEY: "k" });
    others = [stub, generator];
    expect((await generator.post(canonicalBody())).body.meta.model).toBe("mistral-small-latest");
    expect(stub.calls[0]?.body).toMatchObject({ stream: true });
    expect(stub.calls[0]?.body).not.toHaveProperty("stream_options");
  });

  it("may begin with thoughts, and counts Kimi's own count", async () => {
    const chunk = (choice: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
    const raw = [
      chunk({ delta: { reasoning_content: "A shop for earbuds." } }),
      chunk({ delta: { content: layoutText() } }),
      chunk({ delta: {}, finish_reason: "stop", usage: { prompt_tokens: 11, completion_tokens: 22 } }),
      "data: [DONE]\n\n",
    ];
    const { generator } = await startScene(() => ({ raw: raw.join(""), type: "text/event-stream" }));
    const { meta } = (await generator.post(canonicalBody())).body;
    expect(meta).toMatchObject({ model: "kimi-k2.6", tokens_used: { prompt: 11, completion: 22 } });
  });
});

describe("a model that is silent", () => {
  it("leaves the next one half of what is left, when that is little", async () => {
    const { generator, stub } = await startScene((path) => (isClaude(path) ? good : "hang"));
    const { body } = await generator.post(canonicalBody(), { "X-Deadline-Ms": "4500" });
    expect(body.meta).toMatchObject({ model: "claude-haiku-5-5", source: "model" });
    const [kimi, claude] = stub.calls;
    const silence = (claude?.at ?? 0) - (kimi?.at ?? 0);
    expect(silence).toBeGreaterThan(1_900);
    expect(silence).toBeLessThan(4_500);
    await kimi?.hungUp;
  });

  it("has what was whole of its answer used, in time, when the deadline is there", async () => {
    const { generator, stub } = await startScene(() => ({
      text: layoutText(),
      stop: { after: behindHero, how: "hang" },
    }));
    const began = performance.now();
    const { body } = await generator.post(canonicalBody(), { "X-Deadline-Ms": "2500" });
    expect(performance.now() - began).toBeLessThan(2_500 + BUSY_MS);
    expect(body).toMatchObject({ status: "partial", meta: { source: "model", model: "kimi-k2.6" } });
    expect(stub.calls).toHaveLength(1);
  });
});

describe("a model that refuses for its rate", () => {
  const soon = (): string => new Date(Date.now() + 2_000).toUTCString();
  it.each<[string, () => string, number]>([
    ["seconds", () => "1", 1_000],
    // An HTTP date has whole seconds: at least one of the two is left.
    ["a date", soon, 900],
  ])("is asked again when it said it would answer: in %s", async (_name, retryAfter, waited) => {
    const { generator, stub } = await startScene((_path, index) =>
      index === 0 ? { status: 429, retryAfter: retryAfter() } : good,
    );
    const { meta } = (await generator.post(canonicalBody())).body;
    expect(meta.attempts?.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["kimi-k2.6", "RATE_LIMITED"],
      ["kimi-k2.6", "ok"],
    ]);
    const [first, second] = stub.calls;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(waited);
  });

  it("is not waited for when the deadline has no room for it: the next is asked at once", async () => {
    const { generator, stub } = await startScene((path) => (isClaude(path) ? good : { status: 429, retryAfter: "5" }));
    const { body } = await generator.post(canonicalBody(), { "X-Deadline-Ms": "6000" });
    expect(body.meta.model).toBe("claude-haiku-5-5");
    expect(stub.calls).toHaveLength(2);
  });
});
