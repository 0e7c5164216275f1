import type { DeployResult, Step } from "../../local/deploy";
import { OPERATIONS, shortType, styled } from "./style";
import { treeRows } from "./tree";

/** Texts in columns, two spaces apart. Widths count what a terminal shows, so colours come after. */
export function columns(rows: readonly (readonly string[])[]): string[][] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell + " ".repeat(widths[at]! + 2 - widthOf(cell)))),
  );
}

const LETTERS = new Intl.Segmenter();
/** What a terminal gives two cells: the scripts of East Asia, their full-width forms, and emoji. */
const WIDE =
  /^(?![\uFF61-\uFFDC])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303E\uFF01-\uFF60]|\p{Emoji_Presentation}|\uFE0F/u;

/** Cells that a text takes on a terminal; one of its letters may be many characters. */
const widthOf = (text: string): number =>
  /^[\x20-\x7E]*$/.test(text)
    ? text.length
    : [...LETTERS.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);

/** One line per step: sign, type with its place in the tree, name, and what changes. */
export function stepLines(steps: readonly Step[]): string[] {
  const rows = treeRows(steps);
  const cells = columns(rows.map(({ step, branch }) => [branch + shortType(step.type), step.name, change(step)]));
  return cells.map((row, at) => {
    const { sign, format } = OPERATIONS[rows[at]!.step.op];
    return ` ${styled(format, sign.padEnd(3))} ${row.join("").trimEnd()}`;
  });
}

function change({ op, diff, replaceReasons, notReady }: Step): string {
  const changed = diff === undefined ? "" : ` [diff: ${diff.map((path) => `~${path}`).join(",")}]`;
  const because = replaceReasons === undefined ? "" : ` because of ${replaceReasons.join(", ")}`;
  const unfinished = notReady === undefined ? "" : `, which did not work: ${notReady.join(" ")}`;
  return OPERATIONS[op].planned + changed + because + unfinished;
}

/** How many resources of each kind there are: `3 to create, 28 unchanged`. */
export function summaryLine({ changeSummary }: DeployResult, planned: boolean): string {
  const { same, ...changes } = changeSummary;
  const parts = Object.entries(changes).flatMap(([op, count]) => {
    if (count === 0) return [];
    const { planned: verb, done } = OPERATIONS[op as keyof typeof OPERATIONS];
    return [planned ? `${count} to ${verb}` : `${count} ${done}`];
  });
  if (parts.length === 0) return `no changes, ${same} unchanged`;
  return [...parts, ...(same > 0 ? [`${same} unchanged`] : [])].join(", ");
}

/** The outputs as `name  value`, those of an object each on a line of its own. */
export function outputLines(outputs: Record<string, unknown>): string[] {
  const rows = Object.entries(outputs).flatMap(([name, value]) => flatten(name, value));
  return columns(rows).map((row) => `  ${row.join("")}`);
}

function flatten(name: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}.${key}`, inner));
}

/** Advisory findings; mandatory ones end the run and are its error. */
export function policyLines({ policy }: DeployResult): string[] {
  return policy.map(
    ({ rule, message, resource }) => `  ${styled("yellow", "advice")} ${rule}: ${message} (${resource})`,
  );
}
