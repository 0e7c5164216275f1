import { isUnknown } from "./wire";

/** A property that differs. `path` is one of Pulumi's: `bindings[3].text`, `secrets["a.b"]`. */
export interface PropertyChange {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/**
 * What differs between a property's old and new value, as deep as it can be said. Elements of a list are paired by their
 * `name`, so that one more binding is one change; the position in the path is that in the new list, or, for what is gone, in
 * the old one.
 */
export function differences(before: unknown, after: unknown, path: string): PropertyChange[] {
  if (isAbsent(before) || isAbsent(after)) {
    if (isAbsent(before) && isAbsent(after)) return [];
    return [{ path, kind: isAbsent(before) ? "add" : "delete" }];
  }
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path);
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], `${path}${step(key)}`));
  }
  return Object.is(before, after) && !isUnknown(after) ? [] : [{ path, kind: "update" }];
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: string): PropertyChange[] {
  const at = (index: number): string => `${path}[${index}]`;
  const [old, new_] = [namesOf(before), namesOf(after)];
  if (old === undefined || new_ === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => differences(before[index], after[index], at(index))).flat();
  }
  const changes = new_.flatMap((name, index): PropertyChange[] => {
    const was = old.indexOf(name);
    if (was === -1) return [{ path: at(index), kind: "add" }];
    const inside = differences(before[was], after[index], at(index));
    // A path leads to one position only: of what has moved it cannot say where inside it changed.
    if (was !== index && inside.length > 0) return [{ path: at(index), kind: "update" }];
    return inside;
  });
  const gone = old.flatMap((name, index): PropertyChange[] =>
    new_.includes(name) ? [] : [{ path: at(index), kind: "delete" }],
  );
  const merged = new Map(changes.map((change) => [change.path, change]));
  for (const { path: where } of gone) merged.set(where, { path: where, kind: merged.has(where) ? "update" : "delete" });
  if (merged.size > 0 || sameOrder(old, new_)) return [...merged.values()];
  return [{ path, kind: "update" }]; // only the order differs
}

/** The elements' names; undefined where one has none, or shares it. */
function namesOf(list: readonly unknown[]): string[] | undefined {
  const names = list.map((element) => (isObject(element) ? element["name"] : undefined));
  return names.every((name) => typeof name === "string") && new Set(names).size === names.length ? names : undefined;
}

const sameOrder = (a: readonly string[], b: readonly string[]): boolean => a.every((name, index) => name === b[index]);

/** Pulumi's way to write a property in a path. */
const step = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
