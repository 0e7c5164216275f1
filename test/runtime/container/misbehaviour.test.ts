import type { GenerateResponse } from "../../../runtime/contract/generate";
import { canonicalBody, layoutText, MODEL_TITLE } from "./fixtures";
import { isClaude, type Reply } from "./modelStub";
import { closeScenes, pageText, startScene, type Scene } from "./modelsScene";

/** Limits short enough for a test; those of the product are in `guard.ts`. */
const timesOf = ({ stallMs = 5_000 }: Misbehaviour) => ({ retryDelayMs: 20, halfOpenAfterMs: 60_000, stallMs });
/** Time in which a model that is well has answered here for sure, so that those that are not are told apart. */
const SILENCE_MS = 1_200;
const DEADLINE_MS = 25_000;
/** Of an answer when everything that is waited for takes tens of milliseconds. Generous: the machine may be busy. */
const SOON_MS = 15_000;

type Format = "layout" | "html";

/** How a model is asked again: the same once more, with what was wrong, or not at all since its answer is used. */
type Again = "retry" | "repair" | "no" | "used";

interface Misbehaviour {
  name: string;
  /** @param good What a well-behaved model would write. */
  reply: (good: string, format: Format) => Reply;
  again: Again;
  /** Something of the answer is whole, and used when no model does better. */
  leavesPart?: true;
  /** Longest silence of a model, in ms, where that is what it is about. */
  stallMs?: number;
  /** It is about what is written, and not about how it is sent: each mode reads it in its own way. */
  inText?: true;
}

const NOTHING_FOR_SALE = pageText("<p>Nothing for sale</p>");
const gridOf = (id: string, title = "Picked"): string =>
  JSON.stringify({ sections: [{ type: "grid", id: "grid_main", config: { title, product_ids: [id] } }] });
const heroSays = (title: string): string => layoutText().replace(MODEL_TITLE, title);
const cardOf = (id: string): string => `<section><ul><li class="card" data-product-id="${id}"></li></ul></section>`;
const GOOD: Record<Format, string> = { layout: layoutText(), html: pageText(cardOf("prod_001") + cardOf("prod_002")) };
/** Where an answer is cut so that its first part is whole: behind the hero, or behind the first product. */
const middleOf = (good: string, format: Format): number =>
  format === "layout" ? good.indexOf('"grid_main"') : good.indexOf("prod_002") - 5;
const ENDLESS = "x".repeat(12_000_000);

const MISBEHAVIOURS: Misbehaviour[] = [
  { name: "nothing, streaming", reply: (text) => ({ text }), again: "used" },
  {
    name: "an answer in one piece, though asked for a stream",
    reply: (text) => ({ text, plain: true }),
    again: "used",
  },
  { name: "fenced JSON", reply: (text) => ({ text: `\`\`\`json\n${text}\n\`\`\`` }), again: "used", inText: true },
  {
    name: "a slow drip, for longer than it may be silent",
    reply: (text) => ({ text, everyMs: 80 }),
    again: "used",
    stallMs: 1_000,
  },
  {
    name: "silence after the last token, without an end",
    reply: (text) => ({ text, stop: { after: text.length, how: "hang" } }),
    again: "used",
    stallMs: SILENCE_MS,
  },
  {
    name: "a stream without an end",
    reply: (text) => ({ text, stop: { after: text.length, how: "end" } }),
    again: "used",
  },
  { name: "429", reply: () => ({ status: 429 }), again: "retry" },
  { name: "429, again at once", reply: () => ({ status: 429, retryAfter: "0" }), again: "retry" },
  { name: "429, again in an hour", reply: () => ({ status: 429, retryAfter: "3600" }), again: "no" },
  { name: "500", reply: () => ({ status: 500 }), again: "retry" },
  { name: "503", reply: () => ({ status: 503 }), again: "retry" },
  { name: "401", reply: () => ({ status: 401 }), again: "no" },
  { name: "the way to another address", reply: () => ({ status: 307, location: "/elsewhere" }), again: "no" },
  { name: "a connection reset", reply: () => "reset", again: "retry" },
  { name: "silence", reply: () => "hang", again: "no", stallMs: SILENCE_MS },
  {
    name: "silence behind the first part",
    reply: (text, format) => ({ text, stop: { after: middleOf(text, format), how: "hang" } }),
    again: "no",
    stallMs: SILENCE_MS,
    leavesPart: true,
    inText: true,
  },
  {
    name: "a stream cut in the first word",
    reply: (text) => ({ text, stop: { after: 10, how: "cut" } }),
    again: "retry",
  },
  {
    name: "a stream cut behind the first part",
    reply: (text, format) => ({ text, stop: { after: middleOf(text, format), how: "cut" } }),
    again: "retry",
    leavesPart: true,
    inText: true,
  },
  {
    name: "truncated JSON",
    reply: (text, format) => ({ text: text.slice(0, middleOf(text, format)), atLimit: true }),
    again: "repair",
    leavesPart: true,
    inText: true,
  },
  {
    name: "wrong ids",
    reply: (_text, format) => ({ text: format === "layout" ? gridOf("prod_999") : pageText(cardOf("prod_999")) }),
    again: "repair",
    inText: true,
  },
  {
    name: "white space without end",
    reply: () => ({ text: `\`\`\`json${" ".repeat(900_000)}` }),
    again: "repair",
    inText: true,
  },
  {
    name: "white space, in small pieces, for longer than it may be silent",
    reply: () => ({ text: `{${" \n".repeat(1_000)}`, everyMs: 40 }),
    again: "no",
    stallMs: SILENCE_MS,
  },
  {
    name: "lists a hundred thousand deep",
    reply: () => ({ text: `{"sections":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}` }),
    again: "repair",
    inText: true,
  },
  { name: "no products", reply: () => ({ text: NOTHING_FOR_SALE }), again: "repair", inText: true },
  {
    name: "prices changed",
    reply: (_text, format) => ({
      text: format === "layout" ? heroSays("Now only $1.99") : pageText(`<p>Now only $1.99</p>${cardOf("prod_001")}`),
    }),
    again: "used",
    inText: true,
  },
  {
    name: "a script in a title",
    reply: (_text, format) => ({
      text:
        format === "layout"
          ? heroSays("<script>alert(1)</script>")
          : pageText(`<h2><script>alert(1)</script>Words</h2>${cardOf("prod_001")}`),
    }),
    again: "used",
    inText: true,
  },
  { name: "1 MB and more, streaming", reply: () => ({ text: ENDLESS }), again: "no", inText: true },
  { name: "1 MB and more in one piece", reply: () => ({ text: ENDLESS, plain: true }), again: "no" },
  { name: "a web page", reply: () => ({ html: "<h1>gateway</h1>" }), again: "no" },
  { name: "JSON called a text", reply: (text) => ({ raw: text, type: "text/plain" }), again: "no" },
  { name: "a web page called a stream", reply: () => ({ raw: "<h1>x</h1>", type: "text/event-stream" }), again: "no" },
  { name: "a web page called JSON", reply: () => ({ raw: "<h1>x</h1>", type: "application/json" }), again: "no" },
  { name: "null", reply: () => ({ raw: "null", type: "application/json" }), again: "no" },
  { name: "an empty object", reply: () => ({ raw: "{}", type: "application/json" }), again: "no" },
  {
    name: "a stream of what is no JSON",
    reply: () => ({ raw: "event: message_start\ndata: {broken\n\n", type: "text/event-stream" }),
    again: "retry",
  },
  {
    name: "an error in the middle of a stream",
    reply: () => ({
      raw: `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: "overloaded_error" } })}\n\n`,
      type: "text/event-stream",
    }),
    again: "retry",
  },
];

const ORDERS = { "OpenAI's": ["kimi", "claude"], "Anthropic's": ["claude", "kimi"] } as const;
const MODELS = { kimi: "kimi-k2.6", claude: "claude-haiku-5-5" } as const;
const FORMATS = ["layout", "html"] as const;

// The SDKs are loaded with the first page, which may take longer than a model is let be silent here.
beforeAll(async () => {
  const { generator } = await startScene((path) => (isClaude(path) ? { text: GOOD.layout } : { status: 401 }));
  await generator.post(canonicalBody());
});
afterEach(closeScenes);

const faultsOf = (format: Format): Misbehaviour[] =>
  MISBEHAVIOURS.filter(({ inText }) => format === "layout" || inText === true);

/** Asks for a page, and holds the answer to what every answer has to be. */
async function ask({ generator }: Scene, format: Format): Promise<GenerateResponse> {
  const began = performance.now();
  const body = { ...canonicalBody(), options: { format } };
  const answer = await generator.post(body, { "X-Deadline-Ms": String(DEADLINE_MS) });
  expect(performance.now() - began).toBeLessThan(SOON_MS);
  expect(answer.status).toBe(200);
  const { html } = answer.body.ui;
  for (const fact of ["Wireless Earbuds Pro", "$79.99", "Desk Lamp", "$34.50", "</html>"]) expect(html).toContain(fact);
  expect(html).not.toMatch(/\$1\.99|prod_999|<script>alert|sk-stub/);
  return answer.body;
}

describe.each(Object.entries(ORDERS))("what a first model does wrong in %s format", (_wire, [first, second]) => {
  describe.each(FORMATS)("asked for %s", (format) => {
    it.each(faultsOf(format))("$name: a page by it or by the next", async (fault) => {
      const isFirst = (path: string): boolean => isClaude(path) === (first === "claude");
      const scene = await startScene(
        (path) => (isFirst(path) ? fault.reply(GOOD[format], format) : { text: GOOD[format] }),
        { times: timesOf(fault), order: [first, second] },
      );
      const page = await ask(scene, format);
      expect(page).toMatchObject({
        status: "success",
        meta: { source: "model", model: MODELS[fault.again === "used" ? first : second] },
      });
      const mine = scene.stub.calls.filter(({ path }) => isFirst(path));
      const calls = { used: [1, 0], no: [1, 1], retry: [2, 1], repair: [2, 1] }[fault.again];
      expect([mine.length, scene.stub.calls.length - mine.length]).toEqual(calls);
      // What is too long is not read to its end, and what is silent is hung up on.
      if (fault.name.startsWith("1 MB and more, str")) expect(mine[0]?.sent()).toBeLessThan(ENDLESS.length / 2);
      if (/^(silence|1 MB)/.test(fault.name)) await mine[0]?.hungUp;
    });
  });
});

describe.each(FORMATS)("what every model does wrong, asked for %s", (format) => {
  it.each(faultsOf(format).filter(({ again }) => again !== "used"))("$name: a page all the same", async (fault) => {
    const scene = await startScene(() => fault.reply(GOOD[format], format), { times: timesOf(fault) });
    const page = await ask(scene, format);
    if (fault.leavesPart === true) {
      expect(page).toMatchObject({
        status: "partial",
        meta: { source: "model" },
        error: { code: "COMPONENT_TIMEOUT", retryable: true },
      });
    } else {
      expect(page).toMatchObject({ status: "success", meta: { source: "template", model: "template" } });
      expect(page).not.toHaveProperty("error");
    }
    const calls = { used: [1, 0], no: [1, 1], retry: [2, 1], repair: [2, 2] }[fault.again];
    const claudes = scene.stub.calls.filter(({ path }) => isClaude(path)).length;
    expect([scene.stub.calls.length - claudes, claudes]).toEqual(calls);
  });
});
