import { PART_NAMES, type Part } from "../../../infra/cost/prices";
import { OPERATIONS, type Change, type Changed, type Operation } from "../plan/change";
import { cut } from "../plan/values";
import { isRefused, type Report } from "../report/report";
import { risksOf } from "../report/risks";
import { code, details, firstOf, money, prose } from "./markdown";

/** Longest sentence of a policy or an error that is shown. */
const LONGEST_SENTENCE = 600;
/** Properties named with one resource. */
const MOST_PROPERTIES = 6;

const DONE: Record<Operation, string> = {
  create: "Created",
  update: "Updated",
  replace: "Replaced",
  delete: "Deleted",
};
/** A report is not believed: a part that is none is shown as it is called. */
const partName = (part: string): string => (Object.hasOwn(PART_NAMES, part) ? PART_NAMES[part as Part] : code(part));
const sentence = (text: string): string => prose(cut(text.replace(/\s+/g, " "), LONGEST_SENTENCE));
const grouped = (number: number): string => number.toLocaleString("en-US");
const shortType = (type: string): string => type.split(":").at(-1) ?? type;

/** `2 to replace, 5 to update`. */
export function summary({ changes, unchanged, errors }: Report): string {
  const counts = OPERATIONS.flatMap((op) => {
    const count = changes.filter((change) => change.op === op).length;
    return count > 0 ? [`${count} to ${op}`] : [];
  });
  // The embedded deployment makes no plan of what its policies refuse.
  const isPlanned = errors.length === 0 && unchanged > 0;
  if (counts.length === 0) return isPlanned ? `no change, ${unchanged} as they are` : "no plan";
  return counts.join(", ");
}

/** `passed`, or what was found. */
export function verdict(report: Report): string {
  const mandatory = report.findings.filter(({ level }) => level === "mandatory").length;
  const advisory = report.findings.length - mandatory;
  if (mandatory > 0) return `❌ ${mandatory} refused`;
  if (isRefused(report)) return "❌ failed";
  return advisory > 0 ? `⚠️ ${advisory} advised` : "✅ passed";
}

export function riskLines(report: Report, most: number): string[] {
  const risks = risksOf(report);
  if (risks.length === 0) return [];
  const lines = risks.map(({ kind, subject, says }) => `- **${kind}** ${code(cut(subject))}: ${prose(says)}`);
  return ["", "**Risks**", "", ...firstOf(lines, most)];
}

export function policyLines({ findings, errors }: Report, most: number): string[] {
  const found = findings
    .toSorted((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"))
    .map(({ rule, level, resource, message }) => {
      return `- ${level === "mandatory" ? "❌" : "⚠️"} ${code(rule)} at ${code(cut(resource))}: ${sentence(message)}`;
    });
  const failed = errors.map((error) => `- ${sentence(error)}`);
  return [
    ...(found.length > 0 ? ["", "**Policies**", "", ...firstOf(found, most)] : []),
    ...(failed.length > 0 ? ["", "**Errors**", "", ...firstOf(failed, most)] : []),
  ];
}

/** Every change by what is done; what takes something away is open to see, the rest can be opened. */
export function changeLines({ changes }: Report, most: number): string[] {
  return OPERATIONS.flatMap((op) => {
    const lines = changes.filter((change) => change.op === op).map(changeLine);
    if (lines.length === 0) return [];
    const shown = firstOf(lines, most);
    if (op === "delete" || op === "replace") return ["", `**${DONE[op]}** (${lines.length})`, "", ...shown];
    return ["", ...details(`<b>${DONE[op]}</b> (${lines.length})`, shown)];
  });
}

function changeLine({ type, name, changed }: Change): string {
  const head = `- ${code(cut(shortType(type)))} ${code(cut(name))}`;
  const causes = changed.filter(({ replaces }) => replaces);
  const others = changed.filter(({ replaces }) => !replaces);
  const because = causes.length > 0 ? ` because of ${listed(causes)}` : "";
  const also = others.length > 0 ? `${causes.length > 0 ? "; also" : ":"} ${listed(others)}` : "";
  return head + because + also;
}

const valued = (text: string | undefined): string => (text === undefined ? "none" : code(text));
const cell = (usd: number | undefined): string => (usd === undefined ? "–" : money(usd));

function listed(changed: readonly Changed[]): string {
  const shown = changed.slice(0, MOST_PROPERTIES).map(({ path, before, after }) => {
    if (before === undefined && after === undefined) return code(cut(path));
    if (before === after) return `${code(cut(path))} (${before === "[secret]" ? "secret" : "shown alike"})`;
    return `${code(cut(path))} ${valued(before)} → ${valued(after)}`;
  });
  const more = changed.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The bill before and after, by part; nothing where the preview came to no settings. */
export function costLines({ cost, facts }: Report): string[] {
  if (cost === undefined) return [];
  const rows = cost.parts.map(({ part, before, after }) => {
    return `| ${partName(part)} | ${cell(before)} | ${cell(after)} | ${difference(before, after)} |`;
  });
  const { viewsPerDay, pagesPerDay, pricesAsOf } = cost.assuming;
  const budget = facts?.after.budgetUsd === undefined ? "no budget set" : `budget ${money(facts.after.budgetUsd)}`;
  return [
    "",
    ...details(`<b>Cost</b> ${costSummary(cost)} a month`, [
      "| part | before | after | change |",
      "|---|--:|--:|--:|",
      ...rows,
      `| **a month** | ${cell(cost.before)} | **${money(cost.after)}** | ${difference(cost.before, cost.after)} |`,
      "",
      `Assumed: ${grouped(viewsPerDay)} pages shown and ${grouped(pagesPerDay)} made a day, list prices of ${prose(pricesAsOf)}; ${budget}.`,
    ]),
  ];
}

/** `$27.47 → $31.20`. */
export function costSummary({ before, after }: NonNullable<Report["cost"]>): string {
  if (before === undefined) return `${money(after)} (new)`;
  return before === after ? `${money(after)}, as before` : `${money(before)} → ${money(after)}`;
}

function difference(before: number | undefined, after: number): string {
  if (before === undefined) return "new";
  const change = Math.round((after - before) * 100) / 100;
  if (change === 0) return "–";
  return `${change > 0 ? "+" : "−"}${money(Math.abs(change))}`;
}
