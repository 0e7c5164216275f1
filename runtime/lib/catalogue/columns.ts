/**
 * The columns of Shopify's product CSV that a catalogue takes, under every name they have had, the preferred one first:
 * the export of old and today (`Handle`, `Variant Price`), the template of today (`URL handle`, `Price`), the export
 * of 2021 (`Custom Product Type`), and Matrixify's (`Body HTML`, `Category`). Case does not matter. All other columns, such as `Price / International`, are left
 * alone. Source: Shopify's help page "Using CSV files to import and export products";
 * Matrixify's "Products: documentation of the template".
 */
export const COLUMN_NAMES = {
  handle: ["Handle", "URL handle"],
  title: ["Title"],
  description: ["Body (HTML)", "Description", "Body HTML"],
  vendor: ["Vendor"],
  type: ["Type", "Custom Product Type"],
  taxonomy: ["Product Category", "Standardized Product Type", "Standard Product Type", "Category"],
  tags: ["Tags"],
  published: ["Published", "Published on online store"],
  status: ["Status"],
  giftCard: ["Gift Card"],
  option1Name: ["Option1 Name"],
  option2Name: ["Option2 Name"],
  option3Name: ["Option3 Name"],
  option1Value: ["Option1 Value"],
  option2Value: ["Option2 Value"],
  option3Value: ["Option3 Value"],
  variantId: ["Variant ID"],
  sku: ["Variant SKU", "SKU"],
  tracker: ["Variant Inventory Tracker", "Inventory tracker"],
  quantity: ["Variant Inventory Qty", "Inventory quantity"],
  policy: ["Variant Inventory Policy", "Continue selling when out of stock"],
  price: ["Variant Price", "Price"],
  compareAt: ["Variant Compare At Price", "Compare-at price"],
  image: ["Image Src", "Product image URL"],
  imagePosition: ["Image Position"],
  imageAlt: ["Image Alt Text"],
  variantImage: ["Variant Image", "Variant image URL"],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof COLUMN_NAMES;

export const OPTION_COLUMNS = [
  { name: "option1Name", value: "option1Value" },
  { name: "option2Name", value: "option2Value" },
  { name: "option3Name", value: "option3Value" },
] as const;

/** Without these there is no catalogue. */
const REQUIRED: readonly Column[] = ["handle", "title", "price"];

/** Where each column stands in one file, and what that file calls it. */
export type ColumnPlaces = ReadonlyMap<Column, { index: number; name: string }>;

/** Finds the columns in a header; `faults` says what makes the header unusable, in sentences. */
export function placeColumns(header: readonly string[]): { places: ColumnPlaces; faults: string[] } {
  const names = header.map((name) => name.trim().toLowerCase());
  const places = new Map<Column, { index: number; name: string }>();
  const faults: string[] = [];
  for (const [column, spellings] of Object.entries(COLUMN_NAMES) as [Column, readonly string[]][]) {
    const spelling = spellings.find((name) => names.includes(name.toLowerCase()));
    if (spelling === undefined) continue;
    const index = names.indexOf(spelling.toLowerCase());
    if (names.lastIndexOf(spelling.toLowerCase()) !== index) faults.push(`the header has the column ${spelling} twice`);
    places.set(column, { index, name: header[index]?.trim() ?? spelling });
  }
  for (const column of REQUIRED.filter((name) => !places.has(name))) {
    faults.push(
      `the header lacks the column ${COLUMN_NAMES[column].join(" (or ")}${COLUMN_NAMES[column].length > 1 ? ")" : ""}`,
    );
  }
  if (faults.length > 0 && header.length === 1 && /[;\t]/.test(header[0] ?? "")) {
    faults.push("the columns are not separated by commas; save the file as comma-separated CSV");
  }
  return { places, faults };
}
