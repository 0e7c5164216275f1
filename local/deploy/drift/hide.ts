import { hasSecret, isSecret, mapValue, plain, SECRET_SHOWN, type Value } from "../engine/values";
import type { Found } from "./found";

/** A variable that is called like a secret; a person may have put one there in plain text. */
const NAMED_SECRET =
  /(^|[^a-z])(api_?key|credentials?|key|pass(phrase|word|wd)?|pwd|secrets?|token|webhook)([^a-z]|$)/i;
/** Values that are secrets by their looks: keys of models and shops by their prefix, private keys, JSON Web Tokens. */
const LOOKS_SECRET =
  /\b(?:sk|pk|rk|shpat|shpss|ghp|xoxb)[-_][A-Za-z0-9_-]{12,}|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{10,}\.[\w-]{10,}\./;
/** Shorter texts are in others by chance. */
const SHORTEST_SECRET = 6;

/** The texts of all secrets of some resources, to find them again where they should not be. */
export function secretTextsOf(resources: readonly Pick<Found, "inputs" | "outputs">[]): ReadonlySet<string> {
  const texts = new Set<string>();
  const collect = (value: Value, isInside: boolean): void => {
    if (typeof value === "string" && isInside && value.length >= SHORTEST_SECRET && value !== SECRET_SHOWN) {
      texts.add(value);
    } else if (isSecret(value)) collect(value.value, true);
    else if (typeof value === "object" && value !== null) {
      for (const inner of Object.values(value)) collect(inner, isInside);
    }
  };
  for (const { inputs, outputs } of resources) for (const props of [inputs, outputs]) collect(props, false);
  return texts;
}

/** Whether all that lies under a property of a resource is kept secret. */
export function isKept({ inputs, outputs, secretOutputs }: Found, property: string): boolean {
  if (secretOutputs.includes(property)) return true;
  return [inputs[property], outputs[property]].some((value) => value !== undefined && hasSecret(value));
}

/** The value as it may be shown. @param path where it is: a name in it may say that it is a secret. */
export function hidden(value: Value | undefined, path: string, secrets: ReadonlySet<string>): Value | undefined {
  if (value === undefined || value === null) return value;
  if (NAMED_SECRET.test(namesIn(path))) return SECRET_SHOWN;
  return mapValue(plain(value), (inner) => {
    if (typeof inner === "string" && isSecretText(inner, secrets)) return SECRET_SHOWN;
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return undefined;
    // A binding that is called like a secret has it in its text.
    const { name, text } = inner;
    if (typeof name !== "string" || typeof text !== "string" || !NAMED_SECRET.test(name)) return undefined;
    return { ...inner, text: SECRET_SHOWN };
  });
}

const isSecretText = (text: string, secrets: ReadonlySet<string>): boolean =>
  LOOKS_SECRET.test(text) || [...secrets].some((secret) => text.includes(secret));

/** The names of elements in a path; those of our own properties say nothing. */
const namesIn = (path: string): string =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]/g)].map(([, name]) => name).join(" ");
