import { z } from "zod";
import { nearest } from "./nearest";
import { SECRET_SETTINGS } from "./secrets";
import { shapeAt } from "./shape";

type Path = readonly PropertyKey[];

/** One line per problem: `pool.size: found 99; expected at most 50`. */
export function describe(issue: z.core.$ZodIssue): string[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key]));
  if (path.join() === "accountId" && issue.input === undefined) {
    return ["accountId: found nothing; set CLOUDFLARE_ACCOUNT_ID or `pulumi config set wandstore:accountId …`"];
  }
  return [`${z.core.toDotPath(path)}: found ${found(issue.input)}; ${allowed(issue)}`];
}

/** A key that is none of ours; the value may be a secret under a wrong name and is not repeated. */
export function unknownKey(path: Path): string {
  const key = String(path.at(-1));
  const secrets = path.length === 1 ? Object.keys(SECRET_SETTINGS) : [];
  const names = [...Object.keys(shapeAt(path.slice(0, -1))?.properties ?? {}), ...secrets];
  const near = nearest(key, names);
  const hint = near === undefined ? `allowed here: ${names.join(", ")}` : `did you mean ${near}?`;
  return `${z.core.toDotPath(path)}: no such key; ${hint}`;
}

/** A value as it is told. Long ones are cut: the path says where the rest is. */
export function found(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
const LONGEST = 200;

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `expected one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return limit(issue, `at least ${issue.minimum}`);
    case "too_big":
      return limit(issue, `at most ${issue.maximum}`);
    case "invalid_type":
      return TYPES[issue.expected] ?? `expected ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** A limit of a number, or of the length of a text or list. A schema that has words of its own for it has better ones. */
function limit({ message, origin }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, bound: string): string {
  if (message.startsWith("expected")) return message;
  return origin === "number" || origin === "int" ? `expected ${bound}` : `expected a length of ${bound}`;
}

const TYPES: Readonly<Record<string, string>> = {
  int: "expected a whole number",
  number: "expected a number",
  string: "expected a text",
  boolean: "expected true or false",
  object: "expected a group of settings",
  array: "expected a list",
};
