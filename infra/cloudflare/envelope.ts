import { z } from "zod";
import { CloudflareError } from "./errors";

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.union([z.number(), z.string()]).optional(), message: z.string() })).nullish(),
  result: z.unknown().optional(), // refusals often come without
});

/**
 * What the envelope of an answer holds.
 * @throws CloudflareError with what the refusal says, or `NOT_AN_ENVELOPE`; the answer's own text is never repeated.
 */
export function resultOf(
  { status, headers }: Pick<Response, "status" | "headers">,
  text: string,
  path: string,
): unknown {
  const at = { status, path, retryAfterMs: retryAfterMs(headers) };
  const envelope = Envelope.safeParse(parseJson(text));
  if (!envelope.success) {
    const message = "the answer is not Cloudflare's JSON; is the address right?";
    throw new CloudflareError({ ...at, code: "NOT_AN_ENVELOPE", message });
  }
  if (status >= 400 || !envelope.data.success)
    throw new CloudflareError({ ...at, ...firstError(envelope.data.errors?.[0]) });
  return envelope.data.result;
}

/** `Retry-After` in milliseconds: it is either seconds or a date. */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const value = headers?.get("retry-after");
  if (value === null || value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The containers API hides its own error as JSON inside the message: `{"error":"CODE","details":{…}}`. */
function firstError(error?: { code?: number | string | undefined; message: string }): {
  code: number | string;
  message: string;
} {
  if (!error) return { code: "NOT_AN_ENVELOPE", message: "Cloudflare refused without saying why" };
  const inner = z.object({ error: z.string() }).safeParse(parseJson(error.message));
  return { code: inner.success ? inner.data.error : (error.code ?? 0), message: error.message };
}
