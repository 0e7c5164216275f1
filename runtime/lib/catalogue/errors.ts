/** One thing that is wrong in a source, and where. */
export interface CatalogueProblem {
  file: string;
  /** Line of the file, from 1; null where it cannot be known (JSON, a whole file). */
  line: number | null;
  /** Column of a CSV as its header names it, or the path of a value such as `brand.primaryColor`; null for a whole row. */
  column: string | null;
  /** What was found, what is allowed, what to do. */
  message: string;
}

/** How many problems the message names; `problems` has all of them. */
const SHOWN = 20;

/** A catalogue or manifest that cannot be loaded, with everything that is wrong in it at once. */
export class CatalogueError extends Error {
  override readonly name = "CatalogueError";
  /** As commands tell it to programs. */
  readonly code = "BAD_CATALOGUE";
  /** @param todo what else may be done about all of them, as a sentence */
  constructor(
    readonly problems: readonly CatalogueProblem[],
    todo?: string,
  ) {
    super(todo === undefined ? describe(problems) : `${describe(problems)}\n  ${todo}`);
  }
}

/** `stores/tea/products.csv:14, Variant Price: found "free"; …` */
export function formatProblem({ file, line, column, message }: CatalogueProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return column === null ? `${place}: ${message}` : `${place}, ${column}: ${message}`;
}

function describe(problems: readonly CatalogueProblem[]): string {
  const heading = problems.length === 1 ? "1 problem in a store" : `${problems.length} problems in a store`;
  const lines = problems.slice(0, SHOWN).map((problem) => `  ${formatProblem(problem)}`);
  if (problems.length > SHOWN) lines.push(`  … and ${problems.length - SHOWN} more`);
  return [`${heading}:`, ...lines].join("\n");
}

const LONGEST_QUOTE = 60;

/** A value as a message quotes it: JSON, cut where it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
