import { STORE_SLUG_PATTERN } from "../../runtime/contract/store";
import { FleetError } from "./errors";

const PREFIX = "shop-";
/** Names of things are `wandstore-{stack}-…`, and a stack's name has 36 letters at most (infra/naming), `shop-` among them. */
export const LONGEST_SLUG = 31;
/** Words that mean something else where a slug is written. */
const RESERVED = new Map([
  ["all", "it stands for every shop"],
  ...["dev", "staging", "prod"].map((stack) => [stack, `it would be taken for the stack ${stack}`] as const),
  ...["con", "prn", "aux", "nul", ...numbered("com"), ...numbered("lpt")].map(
    (device) => [device, "Windows has no folder of that name"] as const,
  ),
]);
/** What Unicode has twice: a letter of another script, or another form, that looks the same. */
const LETTERS = "a slug has lower-case letters a to z, digits and single hyphens between them";
const EXAMPLE = "such as tea-house";
/** A slug in a message, when it is none. */
const SHOWN = 40;

/**
 * The slug, if it can be a shop's: part of an address, of a folder, and of the names of all that the shop has in the account.
 * @throws FleetError BAD_SLUG with what was found, what is allowed and, where one is near, what may have been meant
 */
export function checkSlug(slug: string): string {
  const why = faultOf(slug);
  if (why === undefined) return slug;
  const meant = nearest(slug);
  const instead = meant === undefined ? EXAMPLE : `such as ${meant}`;
  throw new FleetError("BAD_SLUG", `${shown(slug)} cannot be the slug of a shop: ${why}; choose another, ${instead}`);
}

/** The stack of a shop. */
export const stackOf = (slug: string): string => `${PREFIX}${slug}`;

/** The shop of a stack; undefined for a stack that is no shop's. */
export function slugOf(stack: string): string | undefined {
  const slug = stack.slice(PREFIX.length);
  return stack.startsWith(PREFIX) && faultOf(slug) === undefined ? slug : undefined;
}

function faultOf(slug: string): string | undefined {
  if (slug.length > LONGEST_SLUG) return `it has ${slug.length} letters, and ${LONGEST_SLUG} are the most`;
  if (slug.length < 2) return `it has ${slug.length === 0 ? "no letters" : "one letter"}, and 2 are the least`;
  if (/[^\x20-\x7E]/.test(slug)) return `it has letters that are not plain ASCII; ${LETTERS}`;
  if (!STORE_SLUG_PATTERN.test(slug)) return LETTERS;
  const reserved = RESERVED.get(slug);
  return reserved === undefined ? undefined : `the word is taken: ${reserved}`;
}

/** What the text becomes once all that is not allowed is left out; undefined where nothing allowed is left. */
function nearest(text: string): string | undefined {
  const slug = text
    .slice(0, 1_000) // nobody means what comes after
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_SLUG + 1)
    .replaceAll(/^-+/g, "")
    .slice(0, LONGEST_SLUG)
    .replaceAll(/-+$/g, "");
  return faultOf(slug) === undefined ? slug : undefined;
}

/** The text as a message quotes it: nothing in it can move a terminal's cursor. */
function shown(text: string): string {
  const letters = [...text];
  const start = letters.slice(0, SHOWN).join("");
  return JSON.stringify(letters.length > SHOWN ? `${start}…` : start).replaceAll(
    /[^\x20-\x7E…]/gu,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  );
}

function numbered(device: string): string[] {
  return Array.from({ length: 10 }, (_, digit) => `${device}${digit}`);
}
