import type { DriftReport, PropertyDrift, ResourceDrift } from "../../local/deploy";
import { shortType, styled } from "./style";
import { columns } from "./table";

/** Longest that a value may be in the table; the document of `--json` has all of it. */
const VALUE_WIDTH = 48;
/** Letters of a long value before the place where the two differ. */
const LEAD = 12;
/** Properties of one resource in the table. */
const MOST_PROPERTIES = 12;

/** The resources that differ, each with a table of its properties, and what puts it right. */
export function driftLines(stack: string, report: DriftReport, remedy: string): string[] {
  const { compared, resources, strays } = report;
  const nothing = `No drift: the ${compared} resources of stack ${stack} are as its state says.`;
  const some = `Drift of stack ${stack}: ${resources.length} of ${compared} resources are not as its state says.`;
  return [
    resources.length === 0 ? nothing : some,
    ...resources.flatMap((one) => linesOf(one, resources)),
    ...(strays.length === 0 ? [] : ["", "In the account under the stack's name, and not in the state (not counted):"]),
    ...columns(strays.map(({ what, name, id }) => [`  ${what}`, name, id === name ? "" : id])).map(joined),
    ...(resources.length === 0 ? [] : ["", ...remedyLines(resources, remedy)]),
  ];
}

function linesOf(one: ResourceDrift, all: readonly ResourceDrift[]): string[] {
  const { type, name, what, properties, deletedWith } = one;
  const along = all.find(({ urn }) => urn === deletedWith);
  const how = what === "changed" ? "" : along === undefined ? "  deleted" : `  deleted with ${along.name}`;
  const [sign, format] = what === "changed" ? (["~", "yellow"] as const) : (["-", "red"] as const);
  const shown = properties.slice(0, MOST_PROPERTIES);
  const rows = shown.map((property) => [`      ${property.path}`, ...valuesOf(property)]);
  const left = properties.length - shown.length;
  return [
    "",
    ` ${styled(format, `${sign} ${shortType(type)}  ${name}${how}`)}`,
    ...columns(rows.length === 0 ? [] : [["      property", "state", "cloud"], ...rows]).map(joined),
    ...(left === 0 ? [] : [`      … and ${left} more: --json names them`]),
  ];
}

function remedyLines(resources: readonly ResourceDrift[], remedy: string): string[] {
  const reasons = [...new Set(resources.flatMap(({ byHand }) => byHand ?? []))];
  const isSome = resources.some(({ byHand }) => byHand === undefined);
  return [
    ...(isSome
      ? [
          `"${remedy}" puts back what the program says. What is meant to stay belongs into the program or the stack file first.`,
        ]
      : []),
    ...reasons,
  ];
}

const joined = (row: readonly string[]): string => row.join("").trimEnd();

/** Both values, cut to where they differ. */
function valuesOf({ state, cloud }: PropertyDrift): [string, string] {
  const [before, after] = [textOf(state), textOf(cloud)];
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - LEAD);
  return [cut(before, from), cut(after, from)];
}

const textOf = (value: unknown): string => (value === undefined ? "(none)" : JSON.stringify(value));

function cut(text: string, from: number): string {
  if (text.length <= VALUE_WIDTH) return text;
  const start = Math.min(from, text.length - VALUE_WIDTH);
  const end = start + VALUE_WIDTH;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
