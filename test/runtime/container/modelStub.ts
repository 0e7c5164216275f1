import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { close, listen } from "../../support/loopback";

/** What the stub does with one call. */
export type Reply =
  | { text: string }
  | { status: number }
  | { html: string }
  | "hang"
  | "reset"
  /** Answers with the text once the promise settles. */
  | { when: Promise<unknown>; text: string };

export interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown> & { messages: { role: string; content: string }[] };
  /** Settles when the caller's connection is gone before an answer. */
  hungUp: Promise<void>;
}

export interface ModelStub {
  /** For providers of the OpenAI wire format (`…/v1`). */
  openAiUrl: string;
  /** For providers of Anthropic's. */
  anthropicUrl: string;
  calls: Call[];
  close(): Promise<void>;
}

/** Tokens that each good answer says it took. */
export const STUB_TOKENS = { prompt: 1000, completion: 200 };

/** A server on loopback that speaks both wire formats and misbehaves as told; `reply` gets the path and the call's number. */
export async function startModelStub(reply: (path: string, index: number) => Reply): Promise<ModelStub> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const hungUp = new Promise<void>((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) resolve();
      });
    });
    calls.push({ path, headers: request.headers, body: (await json(request)) as Call["body"], hungUp });
    await perform(reply(path, calls.length - 1), path, response);
  });
  const url = await listen(server);
  return {
    openAiUrl: `${url}/v1`,
    anthropicUrl: url,
    calls,
    close: () => close(server),
  };
}

async function perform(reply: Reply, path: string, response: ServerResponse): Promise<void> {
  if (reply === "hang") return;
  if (reply === "reset") {
    response.destroy();
    return;
  }
  if ("html" in reply) {
    response.writeHead(200, { "Content-Type": "text/html" }).end(reply.html);
    return;
  }
  if ("status" in reply) {
    // Real APIs quote the key or the request in their refusals.
    const error = { error: { message: "refused: key sk-stub-secret, shopper shopper-4711", type: "stub" } };
    response.writeHead(reply.status, { "Content-Type": "application/json" }).end(JSON.stringify(error));
    return;
  }
  if ("when" in reply) await reply.when;
  const body = path.endsWith("/messages") ? message(reply.text) : completion(reply.text);
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

const completion = (text: string): object => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "stub",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: {
    prompt_tokens: STUB_TOKENS.prompt,
    completion_tokens: STUB_TOKENS.completion,
    total_tokens: STUB_TOKENS.prompt + STUB_TOKENS.completion,
  },
});

const message = (text: string): object => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "stub",
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  usage: { input_tokens: STUB_TOKENS.prompt, output_tokens: STUB_TOKENS.completion },
});
