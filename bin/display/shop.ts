import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { NewShop } from "../../infra/fleet/create";
import { OPTION_OF } from "../shop/brandOptions";
import type { ShopOptions } from "../shop/options";
import type { ShopRow } from "../shop/rows";
import type { ShopUp } from "../shop/up";
import { duration, OPERATIONS, styled } from "./style";
import { columns } from "./table";

/** `34 created, 2 unchanged`, or what would be. */
export function changeLine(summary: Readonly<Record<string, number>>, planned: boolean): string {
  const parts = Object.entries(OPERATIONS).flatMap(([op, { planned: verb, done }]) => {
    const count = summary[op] ?? 0;
    if (count === 0 || op === "same") return [];
    return [planned ? `${count} to ${verb}` : `${count} ${done}`];
  });
  const same = summary["same"] ?? 0;
  if (parts.length === 0) return `no changes, ${same} unchanged`;
  return [...parts, ...(same > 0 ? [`${same} unchanged`] : [])].join(", ");
}

/** Where a shop is that was deployed, and how long it took. */
export function upLines({ summary, page, stays, ms }: ShopUp): string[] {
  const lines = [
    `Resources: ${changeLine(summary, false)}, in ${duration(ms.deploy)}`,
    `Page: ${page} (answered in ${duration(ms.page)})`,
  ];
  return stays
    ? lines
    : [...lines, 'Nothing serves it when this command has ended: run "wandstore cloud" (or npm start).'];
}

/** The same for machines. */
export const upDocument = ({ summary, outputs, page, stays, ms }: ShopUp): object => ({
  changeSummary: summary,
  releaseId: outputs?.releaseId,
  page,
  served: stays,
  ms: { deploy: Math.round(ms.deploy), page: Math.round(ms.page) },
});

/** What was made of an export, and what was taken for things that nobody said. */
export function createdLines(
  { shop, files, store, assumed }: NewShop,
  advice: readonly string[],
  { local, up }: Pick<ShopOptions, "local"> & { readonly up: boolean },
): string[] {
  const { record, unpublished, skipped } = store;
  const count = record.catalogue.products.length;
  const left = [
    ...(unpublished.length > 0 ? [`${unpublished.length} not published left out`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} faults left out`] : []),
  ];
  const products = [`${count} ${count === 1 ? "product" : "products"}`, ...left].join(", ");
  const guessed = assumed.map(([part, value]) => `--${OPTION_OF[part]} ${JSON.stringify(value)}`);
  return [
    `Shop ${shop.slug}: "${record.name}", ${products}, prices in ${record.currency}`,
    ...[...files.keys()].map((name) => `  stores/${shop.slug}/${name}`),
    `  ${path.basename(shop.file)}`,
    ...(guessed.length > 0 ? [`Nobody said, so it is for now: ${guessed.join(" ")}`] : []),
    ...advice.map((line) => `  ${styled("yellow", "advice")} ${line}`),
    ...(up ? [] : [`Next: wandstore shop up ${shop.slug}${local ? " --local" : ""}`]),
  ];
}

const STATE_FORMATS = { deployed: "green", changed: "yellow", "not deployed": "dim", orphan: "red" } as const;

/** The table of `wandstore shop list`. */
export function shopLines(rows: readonly ShopRow[]): string[] {
  const heading = ["SHOP", "NAME", "PRODUCTS", "STATE", "RELEASE", "BUILD", "WHEN", "ADDRESS"];
  const cells = rows.map((row) => [
    row.slug,
    stripVTControlCharacters(row.name ?? "?"),
    String(row.products ?? (row.problem === undefined ? "online" : "?")),
    row.state,
    row.release ?? "-",
    row.build ?? "-",
    row.deployedAt ?? "-",
    row.address ?? "-",
  ]);
  const lines = columns([heading, ...cells]);
  return lines.map((line, at) => {
    const row = rows[at - 1];
    if (row === undefined) return styled("bold", line.join(""));
    return line.map((cell, column) => (column === 3 ? styled(STATE_FORMATS[row.state], cell) : cell)).join("");
  });
}
