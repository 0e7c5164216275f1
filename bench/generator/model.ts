import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/** A model that is never wrong, and takes the same time for every answer. */
export interface Model {
  /** For providers of the OpenAI wire format. */
  readonly openAiUrl: string;
  /** For providers of Anthropic's. */
  readonly anthropicUrl: string;
  readonly close: () => Promise<void>;
}

/** Pieces that a streamed answer comes in, at even intervals; a real one has more, which only the SDK's parser notices. */
const PIECES = 20;
const USAGE = { prompt: 1500, completion: 250 };

/** Answers with `text`, whole after `latencyMs`; over the wire it is asked by, streamed where that is asked. */
export async function startModel(text: string, latencyMs: number): Promise<Model> {
  const server = createServer(async (request, response) => {
    const begun = performance.now();
    const { stream } = (await json(request)) as { stream?: boolean };
    const wire = request.url?.endsWith("/messages") === true ? ANTHROPIC : OPENAI;
    if (stream === true) return writeStream(response, wire, text, begun, latencyMs);
    await until(begun + latencyMs);
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(wire.whole(text)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    openAiUrl: `${origin}/v1`,
    anthropicUrl: origin,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function writeStream(
  response: ServerResponse,
  wire: Wire,
  text: string,
  begun: number,
  latencyMs: number,
): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write(wire.opening);
  const size = Math.ceil(text.length / PIECES);
  for (let piece = 1; piece <= PIECES && !response.destroyed; piece++) {
    await until(begun + (latencyMs * piece) / PIECES);
    response.write(wire.piece(text.slice((piece - 1) * size, piece * size)));
  }
  response.end(wire.closing);
}

/** Waits for a moment of `performance.now()`; one late piece does not make the next one late. */
const until = (moment: number): Promise<void> => wait(Math.max(0, moment - performance.now()));

interface Wire {
  whole(text: string): object;
  readonly opening: string;
  piece(text: string): string;
  readonly closing: string;
}

const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const message = { id: "msg_1", type: "message", role: "assistant", model: "bench" };
const ANTHROPIC: Wire = {
  whole: (text) => ({
    ...message,
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    usage: { input_tokens: USAGE.prompt, output_tokens: USAGE.completion },
  }),
  opening:
    event("message_start", {
      message: { ...message, content: [], usage: { input_tokens: USAGE.prompt, output_tokens: 1 } },
    }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
  piece: (text) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
  closing:
    event("content_block_stop", { index: 0 }) +
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: USAGE.completion } }) +
    event("message_stop"),
};

const usage = {
  prompt_tokens: USAGE.prompt,
  completion_tokens: USAGE.completion,
  total_tokens: USAGE.prompt + USAGE.completion,
};
const completion = { id: "chatcmpl-1", created: 1, model: "bench" };
const chunk = (choices: readonly object[], more: object = {}): string =>
  `data: ${JSON.stringify({ ...completion, object: "chat.completion.chunk", choices, ...more })}\n\n`;
const OPENAI: Wire = {
  whole: (content) => ({
    ...completion,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage,
  }),
  opening: chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
  piece: (content) => chunk([{ index: 0, delta: { content }, finish_reason: null }]),
  closing: `${chunk([{ index: 0, delta: {}, finish_reason: "stop" }]) + chunk([], { usage })}data: [DONE]\n\n`,
};
