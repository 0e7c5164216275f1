import { WandError } from "../../contract/errors";

/** Of a stream, in bytes: an answer of the longest kind, a few characters an event, with some 300 bytes around each. */
const LONGEST_STREAM = 16_000_000;
/** Of any other body: an answer of the longest kind as JSON. Refusals and web pages are far shorter. */
const LONGEST_BODY = 2_000_000;

/**
 * `fetch` for the SDKs, which read a body to its end however long it is: here one that is too long breaks off. The way to
 * another address is an answer like any other, which the SDKs take for a refusal: prompts go where the config says.
 */
export const limitedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "manual" });
  if (response.body === null) return response;
  let room = isEventStream(response) ? LONGEST_STREAM : LONGEST_BODY;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      room -= chunk.byteLength;
      if (room >= 0) controller.enqueue(chunk);
      else controller.error(new WandError("GENERATION_FAILED", "The model's API answered more than an answer can be."));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
};

const mediaTypeOf = ({ headers }: Response): string =>
  headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";

/** Whether an answer comes in pieces; some gateways answer at once, whatever they were asked for. */
export const isEventStream = (response: Response): boolean => mediaTypeOf(response) === "text/event-stream";

/**
 * The object that a gateway answered at once.
 *
 * @throws {WandError} GENERATION_FAILED for what is no JSON: a web page, nothing, or half of it.
 */
export async function readObject(response: Response): Promise<object> {
  if (/^application\/(.+\+)?json$/.test(mediaTypeOf(response))) {
    const value = parse(await response.text());
    if (typeof value === "object" && value !== null) return value;
  } else {
    await response.body?.cancel();
  }
  throw new WandError("GENERATION_FAILED", "The model's API answered neither a stream nor JSON.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
