import type { Product } from "../../../../runtime/contract/product";

/** The columns these tests write, as Shopify's export names them, and as its template of today does. */
const TODAY: Readonly<Record<string, string>> = {
  Handle: "URL handle",
  Title: "Title",
  "Body (HTML)": "Description",
  Vendor: "Vendor",
  "Product Category": "Product category",
  Type: "Type",
  Tags: "Tags",
  Published: "Published on online store",
  "Option1 Name": "Option1 name",
  "Option1 Value": "Option1 value",
  "Option2 Name": "Option2 name",
  "Option2 Value": "Option2 value",
  "Option3 Name": "Option3 name",
  "Option3 Value": "Option3 value",
  "Variant SKU": "SKU",
  "Variant Inventory Tracker": "Inventory tracker",
  "Variant Inventory Qty": "Inventory quantity",
  "Variant Inventory Policy": "Continue selling when out of stock",
  "Variant Price": "Price",
  "Variant Compare At Price": "Compare-at price",
  "Image Src": "Product image URL",
  "Image Position": "Image position",
  "Image Alt Text": "Image alt text",
  "Gift Card": "Gift card",
  "Variant Image": "Variant image URL",
  "Price / International": "Price / International",
  Status: "Status",
};
const COLUMNS = Object.keys(TODAY);

export type ExportRow = Record<string, string>;

/** A row of a product without options that is fine; a test changes what it is about. */
export const goodRow = (over: ExportRow = {}): ExportRow => ({
  Handle: "tea",
  Title: "Tea",
  "Body (HTML)": "<p>Green.</p>",
  Vendor: "Garden",
  Type: "Drinks",
  Tags: "green, leaf",
  Published: "true",
  "Option1 Name": "Title",
  "Option1 Value": "Default Title",
  "Variant Inventory Policy": "deny",
  "Variant Price": "4.50",
  Status: "active",
  ...over,
});

/** A further variant of a product: only what a row after the first has. */
export const variantRow = (value: string, over: ExportRow = {}): ExportRow => ({
  Handle: "tea",
  "Option1 Value": value,
  "Variant Inventory Policy": "deny",
  "Variant Price": "4.50",
  ...over,
});

/** Writes rows as CSV. `columns` leaves columns out; `spelling` picks the header. */
export function toCsv(
  rows: readonly ExportRow[],
  {
    columns = COLUMNS,
    spelling = "export",
    newline = "\n",
  }: { columns?: string[]; spelling?: "export" | "today"; newline?: string } = {},
): string {
  const header = spelling === "today" ? columns.map((name) => TODAY[name] ?? name) : columns;
  return [header, ...rows.map((row) => columns.map((name) => row[name] ?? ""))]
    .map((cells) => cells.map(quoteCell).join(","))
    .join(newline);
}

export const allColumns = (): string[] => [...COLUMNS];

/** Writes products as Shopify exports them: one row a variant, one more for each picture beyond. */
export function toExportRows(products: readonly Product[]): ExportRow[] {
  return products.flatMap((product) => {
    const rows: ExportRow[] = [];
    for (let i = 0; i < Math.max(product.variants.length, product.images.length); i++) {
      const row: ExportRow = { Handle: product.id };
      if (i === 0) Object.assign(row, productCells(product));
      const variant = product.variants[i];
      if (variant !== undefined) Object.assign(row, variantCells(variant));
      const image = product.images[i];
      if (image !== undefined) {
        Object.assign(row, { "Image Src": image.url, "Image Alt Text": image.alt, "Image Position": String(i + 1) });
      }
      rows.push(row);
    }
    return rows;
  });
}

function productCells(product: Product): ExportRow {
  const cells: ExportRow = {
    Title: product.title,
    "Body (HTML)": `<p>${product.description.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`,
    Vendor: product.vendor,
    Type: product.category,
    Tags: product.tags.join(", "),
    Published: "true",
    Status: "active",
    "Gift Card": "false",
  };
  product.options.forEach(({ name }, index) => (cells[`Option${index + 1} Name`] = name));
  if (product.options.length === 0) cells["Option1 Name"] = "Title";
  return cells;
}

function variantCells(variant: Product["variants"][number]): ExportRow {
  const cells: ExportRow = {
    "Variant SKU": variant.sku ?? "",
    "Variant Inventory Tracker": variant.inventory === null ? "" : "shopify",
    "Variant Inventory Qty": String(variant.inventory ?? 0),
    "Variant Inventory Policy": variant.available && (variant.inventory ?? 1) <= 0 ? "continue" : "deny",
    "Variant Price": String(variant.price),
    "Variant Compare At Price": variant.compare_at_price === null ? "" : String(variant.compare_at_price),
    "Variant Image": variant.image_url ?? "",
  };
  variant.options.forEach((value, index) => (cells[`Option${index + 1} Value`] = value));
  if (variant.options.length === 0) cells["Option1 Value"] = "Default Title";
  return cells;
}

const quoteCell = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
