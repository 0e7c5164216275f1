/** Pulumi's word for a value that a preview does not know yet. The rule is judged again once it is known. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A string that is known, else undefined: a rule does not judge what is not there yet. */
export const knownText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== UNKNOWN ? value : undefined;

/** Items of a list that is known. */
export const knownList = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];

/** A Worker version's plain-text variables. */
export function plainTextVariables(props: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { type, name, text } of knownList(props["bindings"])) {
    const [key, value] = [knownText(name), knownText(text)];
    if (type === "plain_text" && key !== undefined && value !== undefined) variables.set(key, value);
  }
  return variables;
}
