import type { Report } from "../report/report";
import { risksOf } from "../report/risks";
import { code, prose } from "./markdown";
import { changeLines, costLines, costSummary, policyLines, riskLines, summary, verdict } from "./sections";

/** Begins the comment, unseen: by it the next run finds the comment and puts the new text in its place. */
export const MARKER = "<!-- wandstore:preview -->";
/** GitHub refuses a comment of more characters. */
export const LONGEST_COMMENT = 65_536;
/** Lines of each list, in the tries until the comment is short enough. */
const MOST_LINES = [Infinity, 100, 40, 15, 5, 1];

/**
 * The comment of a pull request: a table of the stacks, then for each stack its risks, policies, changes and cost.
 *
 * @param commit what was previewed, for the last line
 * @returns at most `longest` characters; where lists had to be cut it says so
 */
export function compose(reports: readonly Report[], commit?: string, longest = LONGEST_COMMENT): string {
  const ordered = reports.toSorted((a, b) => order(a) - order(b) || a.stack.localeCompare(b.stack));
  for (const most of MOST_LINES) {
    const text = render(ordered, commit, most);
    if (text.length <= longest) return text;
  }
  const text = [...head(ordered), "", "The rest is too long for a comment: see the jobs' logs."].join("\n");
  return text.length <= longest
    ? text
    : `${MARKER}\nThe preview of ${reports.length} stacks is too long for a comment.`;
}

function render(reports: readonly Report[], commit: string | undefined, most: number): string {
  const lines = [...head(reports), ...reports.flatMap((report) => section(report, most))];
  if (commit !== undefined) lines.push("", `Previewed at ${code(commit.slice(0, 12))}.`);
  return `${lines.join("\n")}\n`;
}

/** Prod first: it is what a reviewer answers for. */
const order = ({ stack }: Report): number => {
  const at = ["prod", "staging"].indexOf(stack);
  return at === -1 ? 2 : at;
};

function head(reports: readonly Report[]): string[] {
  if (reports.length === 0) return [MARKER, "## Preview", "", "No stack was previewed: see the jobs' logs."];
  const rows = reports.map((report) => {
    const cost = report.cost === undefined ? "unknown" : costSummary(report.cost);
    return `| ${code(report.stack)} | ${summary(report)} | ${verdict(report)} | ${risksOf(report).length} | ${cost} |`;
  });
  return [
    MARKER,
    "## Preview",
    "",
    "| stack | changes | policies | risks | a month |",
    "|---|---|---|--:|---|",
    ...rows,
  ];
}

function section(report: Report, most: number): string[] {
  const notes = report.notes.flatMap((note) => ["", `> ${prose(note)}`]);
  return [
    "",
    `### ${code(report.stack)}`,
    ...notes,
    ...riskLines(report, most),
    ...policyLines(report, most),
    ...changeLines(report, most),
    ...costLines(report),
  ];
}
