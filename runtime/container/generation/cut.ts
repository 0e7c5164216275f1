import { endOfValue, parseObject } from "./json";

/** What can be read of JSON that breaks off somewhere, or is spoilt in a part of it. */

/**
 * The objects of the list under a key that are there from their first bracket to their last, and the text behind them, which is
 * empty when the list ends where it should. Objects that are no JSON are left out.
 */
export function wholeObjects(text: string, key: string): { whole: object[]; rest: string } {
  const list = new RegExp(`"${key}"\\s*:\\s*\\[`).exec(text);
  if (list === null) return { whole: [], rest: "" };
  const whole: object[] = [];
  let at = list.index + list[0].length;
  while (at < text.length) {
    const character = text[at] ?? "";
    if ("]}".includes(character)) return { whole, rest: "" };
    if (!'"{['.includes(character)) {
      at++;
      continue;
    }
    const end = endOfValue(text, at);
    if (end === undefined) break;
    const object = character === '"' ? undefined : parseObject(text.slice(at, end));
    if (object !== undefined) whole.push(object);
    at = end;
  }
  return { whole, rest: text.slice(at) };
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
