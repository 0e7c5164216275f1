import type { z } from "zod";
import { WandError } from "../../contract/errors";

/**
 * @throws {WandError} INVALID_PERSONA for what is below `persona`, else BAD_REQUEST; both name the first field that is wrong.
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const field = issues[0]?.path.join(".") || "body";
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const code = field.split(".").includes("persona") ? "INVALID_PERSONA" : "BAD_REQUEST";
  throw new WandError(code, `${field}: ${issues[0]?.message}${more}`, { field });
}
