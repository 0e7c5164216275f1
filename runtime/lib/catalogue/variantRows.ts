import { OPTION_COLUMNS } from "./columns";
import type { CsvRow } from "./csvRow";
import { quote } from "./errors";
import { readMoney, readWebUrl, readWholeNumber, readWord } from "./fields";
import type { SourceVariant } from "./product";

type OptionColumns = (typeof OPTION_COLUMNS)[number];

/**
 * The variants of one product, from its rows. A row without an option value, price or SKU only adds a picture. A row
 * with a fault gives no variant, but keeps its place, so that the ids of the others stay. What concerns the product as a
 * whole is refused in its first row.
 */
export function readVariants(
  handle: string,
  rows: readonly [CsvRow, ...CsvRow[]],
): { optionNames: string[]; variants: SourceVariant[] } {
  const variantRows = rows.filter(isVariantRow);
  const columns = optionColumns(rows, variantRows);
  const linesByOptions = new Map<string, number>();
  const variants = variantRows.flatMap((row, index) => {
    const before = row.problems.length;
    const options = readOptions(row, columns);
    const variant: SourceVariant = {
      id: /^\d+$/.test(row.text("variantId")) ? row.text("variantId") : `${handle}:${index + 1}`,
      options,
      sku: row.text("sku") || null,
      price: row.read("price", readMoney, 0),
      compareAt: row.readOptional("compareAt", readMoney),
      ...readStock(row),
      imageUrl: row.readOptional("variantImage", readWebUrl),
    };
    refuseRepeated(row, options, linesByOptions);
    return row.problems.length === before ? [variant] : [];
  });
  if (variantRows.length === 0) rows[0].refuse("price", "is empty; a product has at least one row with a price");
  const optionNames = columns.map(({ name }) => firstText(rows, name));
  columns.forEach(({ name }, index) => {
    if (optionNames[index] === "")
      rows[0].refuse(name, "is empty, but the product has values for this option; name it");
  });
  return { optionNames, variants };
}

function isVariantRow(row: CsvRow): boolean {
  return (["price", "sku", ...OPTION_COLUMNS.map(({ value }) => value)] as const).some(
    (column) => row.text(column) !== "",
  );
}

/** The options a product has. Shopify writes one that has none as `Title` with the one value `Default Title`. */
function optionColumns(rows: readonly CsvRow[], variantRows: readonly CsvRow[]): readonly OptionColumns[] {
  const used = OPTION_COLUMNS.filter(
    ({ name, value }) => firstText(rows, name) !== "" || firstText(variantRows, value) !== "",
  );
  const isDefault = variantRows.every((row) => ["", "Default Title"].includes(row.text("option1Value")));
  const onlyTitle = used.length === 1 && ["", "title"].includes(firstText(rows, "option1Name").toLowerCase());
  return onlyTitle && isDefault ? [] : used;
}

function readOptions(row: CsvRow, columns: readonly OptionColumns[]): string[] {
  return columns.map(({ value }) => {
    const text = row.text(value);
    if (text === "")
      row.refuse(value, "is empty, but other rows of this product use this option; every variant has a value");
    return text;
  });
}

/**
 * Stock as Shopify means it: what nothing tracks can always be bought, and so can what the shop sells on when it has
 * run out. Exports of shops with several locations have no quantities; then nothing is known against a sale.
 */
function readStock(row: CsvRow): { available: boolean; inventory: number | null } {
  const quantity = row.readOptional("quantity", readWholeNumber);
  const policy = row.read("policy", (text) => readWord(text, ["deny", "continue", "false", "true"]), "deny");
  const inventory = row.text("tracker") === "" ? null : quantity;
  const sellsOn = policy === "continue" || policy === "true";
  return { available: inventory === null || inventory > 0 || sellsOn, inventory };
}

function refuseRepeated(row: CsvRow, options: readonly string[], linesByOptions: Map<string, number>): void {
  const key = JSON.stringify(options);
  const line = linesByOptions.get(key);
  if (line === undefined) {
    linesByOptions.set(key, row.line);
    return;
  }
  const which = options.length === 0 ? "this product" : `the variant ${quote(options.join(" / "))}`;
  row.refuse(
    options.length === 0 ? "handle" : "option1Value",
    `${which} is already in line ${line}; keep one of the two rows`,
  );
}

const firstText = (rows: readonly CsvRow[], column: Parameters<CsvRow["text"]>[0]): string =>
  rows.map((row) => row.text(column)).find((text) => text !== "") ?? "";
