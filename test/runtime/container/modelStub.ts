import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { close, listen } from "../../support/loopback";
import { ANTHROPIC, OPENAI, STUB_TOKENS, type Ending, type Wire } from "./modelsWire";

export { STUB_TOKENS };

/** A text, in the form that was asked for: a stream or all at once. */
export interface Writing extends Ending {
  text: string;
  /** All at once, as by a gateway that knows no streams. */
  plain?: boolean;
  /** What happens after so many characters: silence, a broken connection, or an end in good order. */
  stop?: { after: number; how: "hang" | "cut" | "end" };
  /** Milliseconds between two pieces. */
  everyMs?: number;
}

/** What the stub does with one call. */
export type Reply =
  | Writing
  | { status: number; retryAfter?: string; location?: string }
  | { html: string }
  /** Whatever body, called whatever. */
  | { raw: string; type: string }
  | "hang"
  | "reset"
  /** Answers with the text once the promise settles. */
  | { when: Promise<unknown>; text: string };

export interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown> & { messages: { role: string; content: string }[] };
  /** When it came, by a clock that only goes forward, in ms. */
  at: number;
  /** Settles when the caller's connection is gone before the answer is whole. */
  hungUp: Promise<void>;
  /** Bytes of the answer so far. */
  sent: () => number;
}

export interface ModelStub {
  /** For providers of the OpenAI wire format (`…/v1`). */
  openAiUrl: string;
  /** For providers of Anthropic's. */
  anthropicUrl: string;
  calls: Call[];
  close(): Promise<void>;
}

/** Whether a call's path is of Anthropic's wire format. */
export const isClaude = (path: string): boolean => path.endsWith("/messages");

/** A server on loopback that speaks both wire formats and misbehaves as told; `reply` gets the path and the call's number. */
export async function startModelStub(reply: (path: string, index: number) => Reply): Promise<ModelStub> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const path = request.url ?? "";
    const hungUp = new Promise<void>((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) resolve();
      });
    });
    const body = (await json(request)) as Call["body"];
    let sent = 0;
    const write = response.write.bind(response);
    response.write = ((text: string, ...rest: []) => {
      sent += text.length;
      return write(text, ...rest);
    }) as typeof response.write;
    calls.push({ path, headers: request.headers, body, at, hungUp, sent: () => sent });
    await perform(
      reply(path, calls.length - 1),
      isClaude(path) ? ANTHROPIC : OPENAI,
      body["stream"] === true,
      response,
    );
  });
  const url = await listen(server);
  return {
    openAiUrl: `${url}/v1`,
    anthropicUrl: url,
    calls,
    close: () => close(server),
  };
}

async function perform(reply: Reply, wire: Wire, streaming: boolean, response: ServerResponse): Promise<void> {
  if (reply === "hang") return;
  if (reply === "reset") {
    response.destroy();
    return;
  }
  if ("html" in reply) return answer(response, 200, "text/html", reply.html);
  if ("raw" in reply) return answer(response, 200, reply.type, reply.raw);
  if ("status" in reply) {
    // Real APIs quote the key or the request in their refusals.
    const error = { error: { message: "refused: key sk-stub-secret, shopper shopper-4711", type: "stub" } };
    if (reply.location !== undefined) response.setHeader("Location", reply.location);
    if (reply.retryAfter !== undefined) response.setHeader("Retry-After", reply.retryAfter);
    return answer(response, reply.status, "application/json", JSON.stringify(error));
  }
  if ("when" in reply) await reply.when;
  const writing: Writing = reply;
  if (streaming && writing.plain !== true) return stream(writing, wire, response);
  return answer(response, 200, "application/json; charset=utf-8", JSON.stringify(wire.whole(writing.text, writing)));
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "Content-Type": type });
  response.write(body);
  response.end();
}

/** Pieces of an answer: some twenty characters, or fewer pieces of a long one. */
function piecesOf(text: string): string[] {
  const size = Math.max(20, Math.ceil(text.length / 400));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

async function stream(writing: Writing, wire: Wire, response: ServerResponse): Promise<void> {
  const { text, stop, everyMs } = writing;
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
  response.write(wire.opening);
  for (const piece of piecesOf(text.slice(0, stop?.after))) {
    if (response.destroyed) return;
    // A writer that is faster than its reader waits, as a model's would: how much was sent says how much was read.
    if (!response.write(wire.piece(piece))) await drained(response);
    if (everyMs !== undefined) await pause(everyMs);
  }
  if (stop?.how === "hang") return;
  if (stop?.how === "cut") {
    // Once what was written is on its way, or nothing of it would arrive.
    await new Promise((resolve) => response.write(": \n\n", resolve));
    response.destroy();
    return;
  }
  response.end(stop === undefined ? wire.closing(writing) : "");
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
