/** Letters that nobody sees, line breaks, and marks that turn the order of the letters around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const ZERO_WIDTH = "\u200b";

const oneLine = (text: string): string => text.replace(UNSEEN, " ").trim();

/** A name that somebody chose, as code: GitHub makes no markup, mention, reference or link of what is in it. */
export function code(text: string): string {
  const inner = oneLine(text).replaceAll("`", "'").replaceAll("|", "¦");
  return inner === "" ? "(empty)" : `\`${inner}\``;
}

/** Marks that begin or end markup within a line; the others mean something only at its beginning. */
const INLINE_MARKS = /[\\`*_[\]<>#|~&@$]/g;

/**
 * A sentence that may have foreign words in it. Every mark that markdown or HTML could take for its own is escaped; GitHub
 * looks for mentions, references, links and emoji only after that, so these are taken apart.
 */
export function prose(text: string): string {
  return oneLine(text)
    .replace(INLINE_MARKS, "\\$&")
    .replace(/^(\d+(?=[.)])|(?=[-+=]))/, "$1\\")
    .replace(/[@#]/g, `$&${ZERO_WIDTH}`)
    .replace(/:(?=\S)/g, `:${ZERO_WIDTH}`)
    .replace(/\b(www|gh)(?=[.-])/gi, `$1${ZERO_WIDTH}`);
}

/** `$1,234.50` a month. */
export const money = (usd: number): string =>
  `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** A part that can be opened; the title is ours. */
export const details = (title: string, lines: readonly string[]): string[] => [
  `<details><summary>${title}</summary>`,
  "",
  ...lines,
  "",
  "</details>",
];

/** The first of some lines, and how many there are beyond them. */
export function firstOf(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `- … and ${lines.length - most} more, in the job's log`];
}
