/** Longest value that a comment shows. */
const LONGEST = 60;
/** How Pulumi marks a secret in JSON, and how it writes one that it does not show. */
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "[secret]";
/** What stands in a preview for a text that only the deployment can tell. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Names of properties whose value is nobody's business, whether or not somebody marked it as a secret. */
const PRIVATE = /secret|token|passw|passphrase|credential|authorization|api_?key|private_?key|signing_?key|key_base64/i;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isSecret = (value: unknown): boolean => value === SECRET || (isObject(value) && SECRET_KEY in value);

/** A property path as Pulumi writes it, in its parts: `bindings[2].text`, `tags["a.b"]`. */
export const pathParts = (path: string): string[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) =>
    (quoted ?? index ?? plain)!.replace(/\\(.)/g, "$1"),
  );

/**
 * What a comment shows of the value at a path: numbers, switches and short texts. Of a secret it shows that it is one, be it
 * marked by Pulumi, named like one, or inside of something that is; of lists and objects it shows nothing.
 */
export function shownAt(inputs: unknown, path: string): string | undefined {
  let value = inputs;
  let owner: unknown;
  for (const part of pathParts(path)) {
    if (PRIVATE.test(part) || isSecret(value)) return SECRET;
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    owner = value;
    value = value[part];
  }
  if (isSecret(value) || isPrivateBinding(owner)) return SECRET;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === UNKNOWN) return "[unknown]";
  return typeof value === "string" ? cut(value) : undefined;
}

/** The path with an element of a list by its name, where it has one: `bindings[2].text` is `bindings["POOL_SIZE"].text`. */
export function namedPath(inputs: unknown, path: string): string {
  let value = inputs;
  return path.replace(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g, (part) => {
    const [key = ""] = pathParts(part);
    value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    const name = isObject(value) ? value["name"] : undefined;
    return /^\[\d/.test(part) && typeof name === "string" ? `[${JSON.stringify(name)}]` : part;
  });
}

/** A binding or variable of a Worker is told apart by its type and its name, not by the property that has the value. */
function isPrivateBinding(owner: unknown): boolean {
  if (!isObject(owner)) return false;
  return [owner["type"], owner["name"]].some((word) => typeof word === "string" && PRIVATE.test(word));
}

/** A text of at most so many characters: the end of a digest or an address tells as little as its middle. */
export function cut(text: string, longest: number = LONGEST): string {
  const letters = [...text];
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join("")}…`;
}
