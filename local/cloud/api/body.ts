import type { Context } from "hono";
import type { z } from "zod";
import { ApiError, errors } from "./errors";

/**
 * The request's JSON body, checked.
 * @param code the service's code for a body that does not fit
 */
export async function jsonBody<T>(c: Context, schema: z.ZodType<T>, code: number): Promise<T> {
  let body: unknown;
  try {
    body = JSON.parse(await c.req.text());
  } catch {
    throw errors.malformedJson(code);
  }
  return checked(schema, body, code);
}

/** A value checked against a schema; every problem is in one message, each with its path. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, code: number): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError(400, code, problems(parsed.error));
  return parsed.data;
}

export function problems(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
}
