/** What can be read of JSON that breaks off somewhere, or is spoilt in a part of it. */

/**
 * The objects of the list under a key that are there from their first bracket to their last, and the text behind them, which is
 * empty when the list ends where it should. Objects that are no JSON are left out.
 */
export function wholeObjects(text: string, key: string): { whole: object[]; rest: string } {
  const list = new RegExp(`"${key}"\\s*:\\s*\\[`).exec(text);
  if (list === null) return { whole: [], rest: "" };
  const whole: object[] = [];
  let from = list.index + list[0].length;
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      if (depth === 0) from = at;
      depth++;
    } else if (character === "}" || character === "]") {
      if (depth === 0) return { whole, rest: "" };
      depth--;
      if (depth > 0) continue;
      const object = parseObject(text.slice(from, at + 1));
      if (object !== undefined) whole.push(object);
      from = at + 1;
    }
  }
  return { whole, rest: text.slice(from) };
}

/** The text under a key as far as it goes; undefined where it is not there. */
export function beginningOf(text: string, key: string): string | undefined {
  const start = new RegExp(`"${key}"\\s*:\\s*"`).exec(text);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let at = from;
  while (at < text.length && text[at] !== '"') {
    const length = text[at] !== "\\" ? 1 : text[at + 1] === "u" ? 6 : 2;
    if (at + length > text.length) break; // the middle of an escape
    at += length;
  }
  try {
    const value: unknown = JSON.parse(`"${text.slice(from, at).replaceAll(/[\n\r\t]/g, " ")}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
