/** What stands where a preview does not know a value yet. A rule passes over it: it is judged again once it is known. */
export const UNKNOWN = Symbol("unknown");

/** Pulumi's words for a text, number, list … that is not known yet (@pulumi/policy, proxy.js). */
const UNKNOWN_WORDS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export type Props = Readonly<Record<string, unknown>>;

/**
 * A resource's properties as plain data. Pulumi hands them to a policy such that looking at an unknown one throws, and the
 * whole rule with it: one unknown id would hide every other finding of that resource.
 */
export function readable(props: unknown): Props {
  const read = plain(props);
  return isObject(read) ? read : {};
}

function plain(value: unknown): unknown {
  if (UNKNOWN_WORDS.has(value)) return UNKNOWN;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, at) => plain(look(value, at)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, plain(look(value, key))]));
}

function look(of: object, key: string | number): unknown {
  try {
    return (of as Record<string | number, unknown>)[key];
  } catch {
    return UNKNOWN; // a plain property throws for no other reason
  }
}

export const isObject = (value: unknown): value is Props =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A string that is known, else undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A number that is known, or a text of one, as Workers' variables have it. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Those items of a list that are objects. */
export const listOf = (value: unknown): readonly Props[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Those items of a list that are texts. */
export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

export const objectOf = (value: unknown): Props => (isObject(value) ? value : {});

/** A JSON object in a text; nothing where it is none. */
export function jsonOf(value: unknown): Props {
  if (typeof value !== "string") return {};
  try {
    return objectOf(JSON.parse(value));
  } catch {
    return {};
  }
}
