import type { Shape } from "./shape";

/**
 * Undoes what Pulumi does to a value on its way from the stack file to the program, and nothing else: a `"10"` that
 * somebody put in quotes is still refused. Seen with CLI 3.255:
 *
 * - every value is a string in the end; objects and lists are JSON.
 * - a group with nothing below it becomes the empty string.
 * - `config set --path` stores whole numbers and booleans as such, even where they are meant as text (a build id of digits
 *   alone), but a number with a decimal point as text.
 * - a date without quotes becomes `2026-07-01 00:00:00 +0000 UTC`.
 *
 * @returns undefined for an empty group.
 */
export function fromPulumi(value: string, shape: Shape | undefined): unknown {
  if (shape?.type === "string") return value;
  const isGroup = shape?.type === "object" || shape?.type === "array";
  if (isGroup && (value === "" || value === "null")) return undefined;
  try {
    return mend(JSON.parse(value), shape);
  } catch {
    return value; // the schema says what it should have been
  }
}

const DECIMAL = /^\d+\.\d+$/;
const MIDNIGHT = " 00:00:00 +0000 UTC";

function mend(value: unknown, shape: Shape | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => mend(item, shape?.items));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mend(item, shape?.properties?.[key])]));
  }
  if (shape?.type === "number" && typeof value === "string" && DECIMAL.test(value)) return Number(value);
  if (shape?.type === "string" && Number.isSafeInteger(value)) return String(value);
  if (shape?.format === "date" && typeof value === "string" && value.endsWith(MIDNIGHT)) {
    return value.slice(0, -MIDNIGHT.length);
  }
  return value;
}
