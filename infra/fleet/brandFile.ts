import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { FleetError } from "./errors";
import { type Part, PARTS, type Said, type Sayings } from "./manifest";
import { readTextFile } from "./readFile";

/** Keys of the manifest that a brand's file may have besides its parts. */
const MORE = ["settings", "onBadRow"] as const;

/** A page of YAML. */
const LARGEST_BYTES = 64 * 1024;

export interface BrandFile {
  readonly sayings: Sayings;
  readonly more: Readonly<Record<string, unknown>>;
}

/**
 * Reads `--brand`: as much of a `store.yaml` as is known, the keys of `brand` at the top or below it.
 * @throws FleetError BAD_BRAND
 */
export function readBrand(file: string): BrandFile {
  const lines = new LineCounter();
  const document = parseDocument(readTextFile(file, { mostBytes: LARGEST_BYTES, code: "BAD_BRAND" }).text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) throw bad(file, lines.linePos(error.pos[0]).line, error.message);
  const { contents } = document;
  if (contents === null) return { sayings: {}, more: {} };
  if (!isMap(contents)) throw bad(file, 1, "it has no keys such as name or primaryColor");
  const sayings: Partial<Record<Part, Said>> = {};
  const more: Record<string, unknown> = {};
  const take = (map: typeof contents, below: string): void => {
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : 1;
      if (below === "" && name === "brand" && isMap(value)) {
        take(value as typeof contents, "brand.");
        continue;
      }
      const part = PARTS.find((each) => each === below + name || (below === "" && each === `brand.${name}`));
      const plain: unknown = isScalar(value) ? value.value : (value as { toJSON(): unknown } | null)?.toJSON();
      if (part !== undefined) sayings[part] = { value: plain, by: `${file}:${line}` };
      else if (below === "" && MORE.some((each) => each === name)) more[name] = plain;
      else
        throw bad(
          file,
          line,
          `unknown key ${JSON.stringify(below + name)}; there are ${[...PARTS, ...MORE].join(", ")}`,
        );
    }
  };
  take(contents, "");
  return { sayings, more };
}

const bad = (file: string, line: number, why: string): FleetError =>
  new FleetError("BAD_BRAND", `${file}:${line}: ${why}`);
