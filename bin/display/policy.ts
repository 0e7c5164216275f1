import type { Finding } from "../policy/findings";
import { styled } from "./style";
import { columns } from "./table";

const COLOURS = { mandatory: "red", advisory: "yellow" } as const;
/** A last column that is narrower would have a word a line: there is no table then. */
const NARROWEST = 40;

/** Findings in a table as wide as the terminal: what was found, and below it why it matters and how to fix it. */
export function findingLines(findings: readonly Finding[], width: number): string[] {
  if (findings.length === 0) return [];
  const heads = findings.map(({ level, rule, name }) => [level, rule, name, ""]);
  const [titles = [], ...rows] = columns([["level", "rule", "resource", ""], ...heads]).map((row) => row.slice(0, 3));
  const indent = titles.join("").length;
  const rest = width - indent;
  if (rest < NARROWEST) return findings.flatMap((finding) => block(finding, width));
  const lines = rows.flatMap(([level = "", ...row], at) => {
    const [first = "", ...more] = textOf(findings[at]!, rest);
    return [styled(COLOURS[findings[at]!.level], level) + row.join("") + first, ...more.map(indentedBy(indent))];
  });
  return [`${titles.join("")}what was found`, ...lines];
}

/** A finding on a terminal that has no room for the table. */
const block = (finding: Finding, width: number): string[] => [
  `${styled(COLOURS[finding.level], finding.level)} ${finding.rule}`,
  ...[finding.name, ...textOf(finding, width - 2)].map(indentedBy(2)),
  "",
];

const textOf = ({ found, why, fix, place }: Finding, width: number): string[] => [
  ...wrapped(found, width),
  ...[`Why: ${why}`, `Fix: ${fix}`, `At:  ${place.file}:${place.line}`].flatMap((text) =>
    wrapped(text, width, " ".repeat("Why: ".length)),
  ),
];

const indentedBy =
  (letters: number) =>
  (line: string): string =>
    " ".repeat(letters) + line;

/** A text in lines of at most `width` letters, all but the first indented; a longer word has a line of its own. */
function wrapped(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** Such as `20 rules: 1 violation, 2 pieces of advice`; what is disabled judges nothing, and is named. */
export function verdictLine(findings: readonly Finding[], rules: number, disabled: readonly string[] = []): string {
  const violations = findings.filter(({ level }) => level === "mandatory").length;
  const advice = findings.length - violations;
  const judged = disabled.length === 0 ? "" : `${rules - disabled.length} of `;
  const without = disabled.length === 0 ? "" : ` (disabled: ${disabled.join(", ")})`;
  return `${judged}${rules} rules${without}: ${counted(violations, "violation", "violations")}, ${counted(advice, "piece of advice", "pieces of advice")}`;
}

const counted = (count: number, one: string, more: string): string =>
  `${count === 0 ? "no" : count} ${count === 1 ? one : more}`;
