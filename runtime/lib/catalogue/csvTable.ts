import { CsvError, parse } from "csv-parse/sync";
import { CatalogueError } from "./errors";

export interface TableRow {
  /** Line of the file on which the row begins, from 1. */
  line: number;
  cells: readonly string[];
}
export interface Table {
  header: readonly string[];
  rows: readonly TableRow[];
}

/**
 * Reads a CSV (RFC 4180; a byte-order mark and all three line endings are fine, lines without any value are left out).
 * Throws a CatalogueError when quotes do not match up: nobody can say where the rows after that begin.
 */
export function readTable(text: string, file: string): Table {
  const rows: TableRow[] = [];
  let next = 1;
  try {
    parse(text, {
      bom: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      // csv-parse counts a quoted CRLF as two lines, so lines are counted here.
      on_record: (cells: string[]) => {
        rows.push({ line: next, cells });
        next += 1 + cells.reduce((sum, cell) => sum + lineBreaks(cell), 0);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CatalogueError([{ file, line: next, column: null, message: BROKEN[error.code] ?? error.message }]);
  }
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const [header, ...records] = filled;
  return { header: header?.cells ?? [], rows: records };
}

const BROKEN: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quoted value that begins in this row never ends; close its quote",
  CSV_INVALID_CLOSING_QUOTE:
    'a quoted value in this row goes on after its closing quote; write a quote inside it as ""',
  INVALID_OPENING_QUOTE: 'a value in this row has a quote in its middle; quote the whole value and write "" inside it',
};

function lineBreaks(cell: string): number {
  return cell.includes("\n") || cell.includes("\r") ? (cell.match(/\r\n|\n|\r/g)?.length ?? 0) : 0;
}
