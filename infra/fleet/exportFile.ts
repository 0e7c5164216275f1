import path from "node:path";
import { FleetError } from "./errors";
import { readTextFile, type TextFile } from "./readFile";

/** Products as a merchant exported them. */
export interface ExportFile extends TextFile {
  /** What a shop's folder calls a file of this format. */
  readonly name: "products.csv" | "products.json";
}

/** Far more than a catalogue that fits a KV value (25 MiB): an export has columns that nobody reads. Shopify takes 15 MB. */
export const LARGEST_EXPORT_BYTES = 100 * 1024 * 1024;

/** Reads a merchant's export: CSV as Shopify writes it, or JSON. @throws FleetError BAD_EXPORT */
export function readExport(file: string): ExportFile {
  const read = readTextFile(file, { mostBytes: LARGEST_EXPORT_BYTES, code: "BAD_EXPORT" });
  if (/^\uFEFF?\s*</.test(read.text)) {
    const why =
      "is a page or XML, and no export; a download that asks to sign in gives such a file: export the products again";
    throw new FleetError("BAD_EXPORT", `${file} ${why}`);
  }
  return { ...read, name: formatOf(file, read.text) };
}

/** By the file's ending; by its first letter where that says nothing. */
function formatOf(file: string, text: string): ExportFile["name"] {
  const ending = path.extname(file).toLowerCase();
  if (ending === ".csv") return "products.csv";
  if (ending === ".json") return "products.json";
  return /^\uFEFF?\s*[[{]/.test(text) ? "products.json" : "products.csv";
}
