import { readFileSync } from "node:fs";
import path from "node:path";
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";

/** A line of a file of the project; the path has slashes on every machine. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where what is wrong is in no setting, it is in the program. */
const PROGRAM: Place = { file: "infra/index.ts", line: 1 };
const NAMESPACE = "wandstore";

/**
 * Where a setting is in the stack's file, by its path such as `pool.size`: the line of its key, or of the nearest group that
 * the file has, where the key is to be added.
 */
export function placeOfSetting(projectDir: string, stack: string, setting: string | undefined): Place {
  if (setting === undefined) return PROGRAM;
  const file = `Pulumi.${stack}.yaml`;
  const lines = new LineCounter();
  const { contents } = parseDocument(readFileSync(path.join(projectDir, file), "utf8"), { lineCounter: lines });
  const [first = "", ...rest] = setting.split(".");
  let offset = 0;
  let at: unknown = contents;
  for (const step of ["config", `${NAMESPACE}:${first}`, ...rest]) {
    const pair = isMap(at) ? pairOf(at, step) : undefined;
    if (pair === undefined) break;
    offset = pair.offset;
    at = pair.value;
  }
  return { file, line: lines.linePos(offset).line };
}

function pairOf(map: YAMLMap, key: string): { offset: number; value: unknown } | undefined {
  const found = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (found === undefined || !isScalar(found.key)) return undefined;
  return { offset: found.key.range?.[0] ?? 0, value: found.value };
}
