import type { z } from "zod";
import { quote } from "./errors";

type Issue = z.core.$ZodIssue;

/** What is wrong with a value that a schema refused: the path as `brand.primaryColor`, and a sentence with found and allowed. */
export function schemaProblems(error: z.ZodError, value: unknown): { path: PropertyKey[]; message: string }[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: "unknown key; remove it or correct its spelling",
      }));
    }
    const found = valueAt(value, issue.path);
    const message = found === undefined ? `is missing; ${allowed(issue)}` : `found ${quote(found)}; ${allowed(issue)}`;
    return [{ path: issue.path, message }];
  });
}

/** `products[3].variants[0].price` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function allowed(issue: Issue): string {
  if (issue.code === "invalid_value") return `it is one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `it is a ${issue.expected}`;
  return issue.message;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}
