import { z } from "zod";
import { ApiError } from "./refusals";

/** What people name things by: no control characters, which would end a line or a header somewhere. */
export const nameText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, "control characters are not allowed");

/**
 * A value checked against a schema; every problem is in one message, each with its path.
 * @param code the service's code for input that does not fit
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown, code: number): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError(400, code, problems(parsed.error));
  return parsed.data;
}

export function problems(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
}
