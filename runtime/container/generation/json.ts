/** JSON as models write it: with words around it, in fences, in another object, with a comma too many. */

/** Of brackets that could open the answer, the first ones are tried: each may be looked at to the end of the text. */
const MOST_BEGINNINGS = 20;
/** What some models think before they answer, where a gateway does not tell the two apart. */
const THOUGHTS = /^\s*<think>[^]*?<\/think>/;

/**
 * The first object in a text that has `key` itself; undefined where none has. What stands around it is left out. Takes a time
 * that grows with the text's length, and not faster, whatever the text is.
 */
export function findObject(text: string, key: string): object | undefined {
  const answer = unquoted(text.replace(THOUGHTS, "").replace(/^\ufeff/, ""));
  let at = answer.indexOf("{");
  for (let tried = 0; at !== -1 && tried < MOST_BEGINNINGS; tried++) {
    const end = endOfValue(answer, at);
    const object = end === undefined ? undefined : parseObject(answer.slice(at, end));
    if (object !== undefined && Object.hasOwn(object, key)) return object;
    at = answer.indexOf("{", at + 1);
  }
  return undefined;
}

/** The text that a JSON string holds; any other text as it is. */
function unquoted(text: string): string {
  if (!/^\s*"/.test(text)) return text;
  const value = parse(text);
  return typeof value === "string" ? value : text;
}

/**
 * Where the object, list or text ends whose first bracket or quote is at `start`: the index behind its last one. Undefined where
 * the text breaks off before.
 */
export function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth <= 0) return at + 1;
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** An object or a list as a model may write it; undefined for what is neither. */
export function parseObject(text: string): object | undefined {
  const value = parse(text) ?? parse(corrected(text));
  return typeof value === "object" && value !== null ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What comes behind a comma that is one too many. */
const CLOSING = /\s*[\]}]/y;

/** Without a comma behind the last of a list or an object, and with line breaks in texts as JSON writes them. */
function corrected(text: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    CLOSING.lastIndex = at + 1;
    if (text[at] === '"') {
      const end = endOfString(text, at) ?? text.length;
      out += text.slice(from, at);
      out += text.slice(at, end).replaceAll(/[\n\r\t]/g, (character) => ESCAPES[character] ?? character);
      from = end;
      at = end - 1;
    } else if (text[at] === "," && CLOSING.test(text)) {
      out += text.slice(from, at);
      from = at + 1;
    }
  }
  return out + text.slice(from);
}
