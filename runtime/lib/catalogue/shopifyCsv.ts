import type { Product } from "../../contract/product";
import { type Column, type ColumnPlaces, placeColumns } from "./columns";
import { CsvRow } from "./csvRow";
import { readTable } from "./csvTable";
import { CatalogueError, type CatalogueProblem, quote } from "./errors";
import { readWebUrl, readWholeNumber, readWord } from "./fields";
import { plainText } from "./plainText";
import { categoryOf, contractFaults, handleFault, type ShopFacts, splitTags, toProduct } from "./product";
import type { SourceReading, UnpublishedReason } from "./source";
import { readVariants } from "./variantRows";

/**
 * Reads a product export in Shopify's CSV format. One product is all rows of one handle, wherever they stand; the first
 * with a title says what concerns the whole product. Throws a CatalogueError only for what leaves no rows to read: broken
 * quotes, or a header without the needed columns.
 */
export function readShopifyCsv(text: string, file: string, shop: ShopFacts): SourceReading {
  const { header, rows } = readTable(text, file);
  const { places, faults } = placeColumns(header);
  if (faults.length > 0) {
    const found = `found ${quote(header.join(","))}`;
    throw new CatalogueError(faults.map((fault) => ({ file, line: 1, column: null, message: `${fault}; ${found}` })));
  }

  const problems: CatalogueProblem[] = [];
  const groups = new Map<string, [CsvRow, ...CsvRow[]]>();
  for (const tableRow of rows) {
    const row = new CsvRow(file, tableRow, places);
    const handle = row.text("handle");
    const fault = handleFault(handle);
    if (fault !== undefined) row.refuse("handle", fault);
    if (tableRow.cells.length !== header.length) {
      row.refuse(
        null,
        `found ${tableRow.cells.length} values, the header has ${header.length} columns; is a quote missing?`,
      );
    }
    problems.push(...row.problems);
    if (row.problems.length > 0) continue;
    const group = groups.get(handle);
    if (group === undefined) groups.set(handle, [row]);
    else group.push(row);
  }

  const reading: SourceReading = { products: [], unpublished: [], problems, isShopify: true };
  for (const [handle, group] of groups) {
    const lead = group.find((row) => row.text("title") !== "") ?? group[0];
    const reason = unpublishedReason(lead);
    if (reason !== undefined) {
      reading.unpublished.push({ id: handle, title: lead.text("title"), reason });
      continue;
    }
    const product = readProduct(handle, group, lead, shop, places);
    if (product !== undefined) reading.products.push(product);
    for (const row of group) problems.push(...row.problems);
  }
  return reading;
}

/** Undefined for a product that is shown. An unknown word hides nothing: it is noted as a fault of the row. */
function unpublishedReason(row: CsvRow): UnpublishedReason | undefined {
  const status = row.read("status", (text) => readWord(text, ["active", "draft", "archived", "unlisted"]), "active");
  const published = row.read("published", readTrueOr("true"), "true");
  if (status !== "active") return status;
  return published === "false" ? "hidden" : undefined;
}

/** `true` or `false`; empty is what Shopify takes it for in that column. */
const readTrueOr = (empty: "true" | "false") => (text: string) =>
  readWord(text, empty === "true" ? ["true", "false"] : ["false", "true"]);

function readProduct(
  handle: string,
  rows: readonly [CsvRow, ...CsvRow[]],
  lead: CsvRow,
  shop: ShopFacts,
  places: ColumnPlaces,
): Product | undefined {
  const title = lead.text("title");
  if (title === "") lead.refuse("title", "is empty; one row of a product has its title");
  for (const row of rows) refuseOtherTitle(row, title, lead.line);
  const giftCard = lead.read("giftCard", readTrueOr("false"), "false") === "true";
  const tags = splitTags(lead.text("tags"));
  const unusable = lead.problems.length > 0;

  const { optionNames, variants } = readVariants(handle, rows);
  const images = readImages(rows);
  if (unusable || variants.length === 0 || optionNames.includes("")) return undefined;

  const product = toProduct(
    {
      handle,
      title,
      description: plainText(lead.text("description")),
      vendor: lead.text("vendor"),
      category: categoryOf({ type: lead.text("type"), taxonomy: lead.text("taxonomy"), tags, giftCard }),
      tags,
      images,
      optionNames,
      variants,
    },
    shop,
  );
  const faults = contractFaults(product);
  for (const { key, message } of faults) {
    const column = CONTRACT_COLUMNS[key.split(".")[0] ?? ""];
    lead.refuse(column !== undefined && places.has(column) ? column : null, `${key}: ${message}`);
  }
  return faults.length === 0 ? product : undefined;
}

/** Two products under one handle would be taken for one, and the second be lost. */
function refuseOtherTitle(row: CsvRow, title: string, line: number): void {
  const other = row.text("title");
  if (other === "" || other === title) return;
  row.refuse(
    "title",
    `found ${quote(other)}, but line ${line} has the same handle and the title ${quote(title)}; give each product its own handle`,
  );
}

/** Pictures in the order of their positions; those without one stand last, in the order of the file. */
function readImages(rows: readonly CsvRow[]): { url: string; alt: string }[] {
  const images = rows.flatMap((row) => {
    const url = row.readOptional("image", readWebUrl);
    const position = row.readOptional("imagePosition", readWholeNumber) ?? Number.POSITIVE_INFINITY;
    return url === null ? [] : [{ url, alt: row.text("imageAlt"), position }];
  });
  return images
    .toSorted((a, b) => (a.position === b.position ? 0 : a.position - b.position))
    .map(({ url, alt }) => ({ url, alt }));
}

/** The column to look at when a key of the contract is broken. */
const CONTRACT_COLUMNS: Readonly<Record<string, Column | undefined>> = {
  id: "handle",
  title: "title",
  vendor: "vendor",
  category: "type",
  tags: "tags",
  images: "image",
  image_alt: "imageAlt",
  options: "option1Name",
};
