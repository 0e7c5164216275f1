import type { Finding } from "../policy/findings";
import { styled } from "./style";
import { columns } from "./table";

const COLOURS = { mandatory: "red", advisory: "yellow" } as const;
/** A last column that is narrower has a word a line. */
const NARROWEST = 40;

/** Findings in a table as wide as the terminal: what was found, and below it why it matters and how to fix it. */
export function findingLines(findings: readonly Finding[], width: number): string[] {
  if (findings.length === 0) return [];
  const heads = findings.map(({ level, rule, name }) => [level, rule, name, ""]);
  const [titles = [], ...rows] = columns([["level", "rule", "resource", ""], ...heads]).map((row) => row.slice(0, 3));
  const indent = titles.join("").length;
  const rest = Math.max(NARROWEST, width - indent);
  const lines = rows.flatMap(([level = "", ...row], at) => {
    const { found, why, fix, place, level: kind } = findings[at]!;
    const below = [`Why: ${why}`, `Fix: ${fix}`, `At:  ${place.file}:${place.line}`].flatMap((text) =>
      wrapped(text, rest, " ".repeat("Why: ".length)),
    );
    const [first = "", ...more] = [...wrapped(found, rest), ...below];
    return [styled(COLOURS[kind], level) + row.join("") + first, ...more.map((line) => " ".repeat(indent) + line)];
  });
  return [`${titles.join("")}what was found`, ...lines];
}

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

/** Such as `20 rules: 1 violation, 2 pieces of advice`. */
export function verdictLine(findings: readonly Finding[], rules: number): string {
  const violations = findings.filter(({ level }) => level === "mandatory").length;
  const advice = findings.length - violations;
  return `${rules} rules: ${counted(violations, "violation", "violations")}, ${counted(advice, "piece of advice", "pieces of advice")}`;
}

const counted = (count: number, one: string, more: string): string =>
  `${count === 0 ? "no" : count} ${count === 1 ? one : more}`;
