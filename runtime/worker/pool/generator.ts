import * as z from "zod";
import { FAULTS, WandError, type FaultCode } from "../../contract/errors";
import {
  DEADLINE_HEADER,
  GenerateResponseSchema,
  REQUEST_ID_HEADER,
  type GenerateRequest,
  type GenerateResponse,
} from "../../contract/generate";
import { withTimeLimit } from "./timeLimit";

/** No container is free just now: try again a little later, it is nobody's failure. */
export class GeneratorBusy extends Error {
  override readonly name = "GeneratorBusy";
}

/** The generator answers its own time-out within its deadline; this much later it counts as gone. */
const GRACE_MS = 1_000;

const ErrorAnswerSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export interface CallOptions {
  /** Milliseconds that are left of the job. */
  deadlineMs: number;
  requestId: string;
  /** Aborts when nobody wants the page any more. */
  signal: AbortSignal;
}

/**
 * Asks a member's generator for a page. Throws WandError with the generator's own code, TIMEOUT when it is silent,
 * CONTAINER_ERROR for an answer that is none of its own, or GeneratorBusy.
 */
export async function callGenerator(
  generator: Pick<Fetcher, "fetch">,
  body: GenerateRequest,
  options: CallOptions,
): Promise<GenerateResponse> {
  const { status, text } = await withTimeLimit(options.deadlineMs + GRACE_MS, (late) =>
    send(generator, body, { ...options, late }),
  );
  const answer = parseJson(text);
  if (status === 200) {
    const page = GenerateResponseSchema.safeParse(answer);
    if (page.success) return page.data;
    throw new WandError("GENERATION_FAILED", "The generator answered what is no page.", { cause: page.error });
  }
  throw refusalOf(status, answer);
}

async function send(
  generator: Pick<Fetcher, "fetch">,
  body: GenerateRequest,
  { deadlineMs, requestId, signal, late }: CallOptions & { late: AbortSignal },
): Promise<{ status: number; text: string }> {
  try {
    const response = await generator.fetch("http://generator/generate", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        [DEADLINE_HEADER]: String(deadlineMs),
        [REQUEST_ID_HEADER]: requestId,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([late, signal]),
    });
    // To the end, always: a body left unread keeps the container awake.
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    if (late.aborted) throw new WandError("TIMEOUT", "The generator did not answer in time.", { cause });
    throw new WandError("CONTAINER_ERROR", "The generator could not be reached.", { cause });
  }
}

/** The error of an answer that is no page: the generator's own, or the container platform's, which has no JSON. */
function refusalOf(status: number, answer: unknown): Error {
  const refusal = ErrorAnswerSchema.safeParse(answer);
  if (refusal.success) {
    const { code, message } = refusal.data.error;
    const known = Object.hasOwn(FAULTS, code) ? (code as FaultCode) : "CONTAINER_ERROR";
    return new WandError(known, message);
  }
  if (status === 429 || status === 503) return new GeneratorBusy(`No container is free (${status}).`);
  return new WandError("CONTAINER_ERROR", `The container answered ${status}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
