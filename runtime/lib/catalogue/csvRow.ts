import { type Column, COLUMN_NAMES, type ColumnPlaces } from "./columns";
import type { TableRow } from "./csvTable";
import { type CatalogueProblem, quote } from "./errors";
import type { Field } from "./fields";

/** One row of a product CSV, read by column; what is wrong in it gathers in `problems`. */
export class CsvRow {
  readonly problems: CatalogueProblem[] = [];
  constructor(
    private readonly file: string,
    private readonly row: TableRow,
    private readonly places: ColumnPlaces,
  ) {}

  get line(): number {
    return this.row.line;
  }

  /** The text of a cell without the white space around it; empty when the file lacks the column. */
  text(column: Column): string {
    const place = this.places.get(column);
    return place === undefined ? "" : (this.row.cells[place.index] ?? "").trim();
  }

  /** Reads a cell, or notes what is wrong with it and gives `instead`. */
  read<T, I>(column: Column, reader: (text: string) => Field<T>, instead: I): T | I {
    const text = this.text(column);
    const field = reader(text);
    if ("value" in field) return field.value;
    this.refuse(column, `${text === "" ? "is empty" : `found ${quote(text)}`}; ${field.allowed}`);
    return instead;
  }

  /** As `read`, but an empty cell is null and no fault. */
  readOptional<T>(column: Column, reader: (text: string) => Field<T>): T | null {
    return this.text(column) === "" ? null : this.read(column, reader, null);
  }

  refuse(column: Column | null, message: string): void {
    const name = column === null ? null : (this.places.get(column)?.name ?? COLUMN_NAMES[column][0]);
    this.problems.push({ file: this.file, line: this.line, column: name, message });
  }
}
