/**
 * Writing HTML. Whatever comes from data passes one function per context: `escapeText` (text and quoted attributes, through
 * the `html` tag), `webUrl` (addresses), `scriptJson` (JSON in a script element). CSS takes colours and fonts only, through
 * `colour.ts` and `style/fonts.ts`.
 */

/** Markup that is already safe. Only `html`, `trusted` and `scriptJson` make it. */
export class Html {
  constructor(readonly value: string) {}
  toString(): string {
    return this.value;
  }
}

export type Interpolated = Html | string | number | false | null | undefined | readonly Interpolated[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Control characters and noncharacters, which HTML forbids, halves of surrogate pairs, which UTF-8 cannot carry, and what turns
 * the order of letters round: a title that opens such a run would have a reader see the price behind it backwards.
 */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- these are the characters to remove
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu;

/** Most texts: nothing in them to escape or to drop. One look is quicker than two replacements that change nothing. */
const HARMLESS = /^[\t\n !#-%(-;=?-_a-~\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff]*$/;

/** Plain text without the characters that no page holds. */
export function plainText(value: string): string {
  return HARMLESS.test(value) ? value : value.replace(FORBIDDEN, "");
}

/** Escapes for text and for attribute values in quotes; every attribute of the page is in double quotes. */
export function escapeText(value: string): string {
  if (HARMLESS.test(value)) return value;
  return plainText(value).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Tagged template: the literal parts are ours, every value is escaped unless it is `Html`. */
export function html(parts: TemplateStringsArray, ...values: Interpolated[]): Html {
  const literals = joined(parts);
  let out = literals[0] ?? "";
  for (let index = 0; index < values.length; index++) out += write(values[index]) + (literals[index + 1] ?? "");
  return new Html(out);
}

const JOINED = new WeakMap<TemplateStringsArray, string[]>();

/** The literal parts with each line break and its indent as one space: they are for whoever reads the source. */
function joined(parts: TemplateStringsArray): string[] {
  let lines = JOINED.get(parts);
  if (lines === undefined) JOINED.set(parts, (lines = parts.map((part) => part.replace(/\s*\n\s*/g, " "))));
  return lines;
}

function write(value: Interpolated): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.value;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escapeText(value);
  let out = "";
  for (const one of value) out += write(one);
  return out;
}

/** Marks markup of our own as safe. Never give it anything that comes from data. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/**
 * An absolute http(s) address, normalised by the URL standard, a host in other letters in its ASCII form; undefined for every
 * other scheme, for one with a user's name in it, and for no address at all.
 */
export function webUrl(value: string | null | undefined, base?: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  try {
    const { protocol, username, password, href } = new URL(value, base);
    const isWeb = protocol === "https:" || protocol === "http:";
    return isWeb && username === "" && password === "" ? href : undefined;
  } catch {
    return undefined; // no address at all
  }
}

/** What `plainText` may drop, as JSON writes it: escaped, or as it is. */
const DOUBTFUL = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\uffff]|\\u/;

/** JSON for the inside of a script element: nothing in it can end the element or open a comment. */
export function scriptJson(value: unknown): Html {
  const asIs = JSON.stringify(value);
  const json = DOUBTFUL.test(asIs)
    ? JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "string" ? plainText(inner) : inner))
    : asIs;
  return new Html(
    json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
