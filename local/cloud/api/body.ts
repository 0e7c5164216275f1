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

/** JSON text as a value, or the refusal that it is none. */
export function parseJson(text: string, code: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.malformedJson(code);
  }
}
