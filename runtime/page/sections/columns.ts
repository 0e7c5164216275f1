import type { ResolvedSection } from "../resolve";

type GridConfig = ResolvedSection<"grid">["config"];

/** Columns of a list on a middling screen (from 40 rem) and on a wide one (from 60 rem). A phone has two, or one. */
export interface Columns {
  middle: number;
  wide: number;
  /** The first item is drawn over two rows and two columns. */
  mosaic: boolean;
}

/**
 * As many columns as the layout asks for, or one more or less where that leaves fewer gaps in the last row: six things in
 * five columns would leave one alone.
 */
export function columnsOf({ columns, density, item }: GridConfig, count: number): Columns {
  const mosaic = item === "tile" && density === "regular" && columns === 4 && count >= 5 && (count + 3) % 4 === 0;
  if (mosaic) return { wide: 4, middle: (count + 3) % 3 === 0 ? 3 : 2, mosaic };
  if (density === "airy" || columns < 3) {
    return { wide: Math.min(columns, Math.max(2, count)), middle: Math.min(columns, 2), mosaic };
  }
  const most = density === "compact" && columns === 4 ? 5 : columns; // small things, one more
  return { wide: fewestGaps(count, [most, most - 1, most + 1]), middle: fewestGaps(count, [3, 2, 4]), mosaic };
}

const ALONE = 6; // more than any row has gaps

/** The first of the choices that leaves the fewest places of the last row empty; one thing alone there counts as worse. */
function fewestGaps(count: number, choices: readonly number[]): number {
  const gaps = (columns: number): number => {
    const last = count % columns;
    return last === 0 ? 0 : last === 1 ? columns + ALONE : columns - last;
  };
  return choices.reduce((best, choice) => (gaps(choice) < gaps(best) ? choice : best));
}
