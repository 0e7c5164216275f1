import type { Context } from "hono";
import type { z } from "zod";
import { errors } from "../refusals";
import { checked } from "../validation";

/**
 * The request's JSON body, checked.
 * @param code the service's code for a body that does not fit
 */
export async function jsonBody<T>(c: Context, schema: z.ZodType<T>, code: number): Promise<T> {
  return checked(schema, parseJson(await c.req.text(), code), code);
}

/** Deeper than anything that anybody sends, and far from what would end the stack. */
const MAX_DEPTH = 200;

/** JSON text as a value, or the refusal that it is none. */
export function parseJson(text: string, code: number): unknown {
  const value = jsonOrNothing(text);
  if (value === undefined) throw errors.malformedJson(code);
  return value;
}

/** JSON text as a value; undefined where it is none, or nested too deeply. */
export function jsonOrNothing(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}
