import { isObject, plain, withoutNulls, type Props, type Value } from "./values";

/** A property that differs; what is not there is undefined. */
export interface Change {
  path: string;
  before: Value | undefined;
  after: Value | undefined;
}

/**
 * Paths of all properties that differ, such as `configuration.maxInstances`, `versions[0].percentage` or, where the elements
 * of a list have names, `bindings["POOL_SIZE"].text`; sorted as they appear.
 * Secrets are compared by what they hold; an unknown differs from everything; null is the same as absent.
 */
export function changedPaths(olds: Props, news: Props): string[] {
  return changesBetween(olds, news).map(({ path }) => path);
}

/** Whether another order of a list's elements is another value (the program's lists), or the same one (what an account gives back). */
type Order = "counts" | "free";

/** The same with both values, secrets opened: for comparing alone. */
export function changesBetween(olds: Props, news: Props, order: Order = "counts"): Change[] {
  return compareObjects(plain(olds), plain(news), "", order);
}

function compareObjects(olds: Props, news: Props, at: string, order: Order): Change[] {
  const before = withoutNulls(olds);
  const after = withoutNulls(news);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(before[key], after[key], at === "" ? key : `${at}.${key}`, order));
}

function compare(before: Value | undefined, after: Value | undefined, at: string, order: Order): Change[] {
  if (isObject(before) && isObject(after)) return compareObjects(before, after, at, order);
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, at, order);
  return Object.is(before, after) ? [] : [{ path: at, before, after }];
}

function compareLists(before: readonly Value[], after: readonly Value[], at: string, order: Order): Change[] {
  const [olds, news] = [byName(before), byName(after)];
  if (olds !== undefined && news !== undefined && (order === "free" || sameOrder(olds, news))) {
    const names = new Set([...olds.keys(), ...news.keys()]);
    return [...names].flatMap((name) =>
      compare(olds.get(name), news.get(name), `${at}[${JSON.stringify(name)}]`, order),
    );
  }
  // Without names those go together that are equal; what is left over is compared by its position.
  const [left, right] = order === "free" ? withoutPairs(before, after) : [before, after];
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, index) => compare(left[index], right[index], `${at}[${index}]`, order)).flat();
}

/** Two lists, each with nothing (undefined) where an element has an equal one in the other. */
function withoutPairs(
  before: readonly Value[],
  after: readonly Value[],
): [(Value | undefined)[], (Value | undefined)[]] {
  const [left, right]: [(Value | undefined)[], (Value | undefined)[]] = [[...before], [...after]];
  for (const [at, old] of before.entries()) {
    const equal = right.findIndex((one) => one !== undefined && compare(old, one, "", "free").length === 0);
    if (equal !== -1) left[at] = right[equal] = undefined;
  }
  return [left, right];
}

/** The elements by their names, or ids where they have no names; undefined where one has none, or shares it. */
function byName(list: readonly Value[]): Map<string, Value> | undefined {
  const named = new Map<string, Value>();
  for (const element of list) {
    const { name, id } = isObject(element) ? plain(element) : {};
    const own = name ?? id;
    if (typeof own !== "string") return undefined;
    named.set(own, element);
  }
  return named.size === list.length ? named : undefined;
}

/** Whether the names that both have come in one order: in a list, another order is another value. */
function sameOrder(olds: Map<string, Value>, news: Map<string, Value>): boolean {
  const kept = [...olds.keys()].filter((name) => news.has(name));
  return [...news.keys()].filter((name) => olds.has(name)).every((name, index) => name === kept[index]);
}

/** Whether a path is `prefix` or lies below it; a prefix of `*` covers all. Array positions in the path do not matter. */
export function isUnder(path: string, prefix: string): boolean {
  if (prefix === "*") return true;
  const bare = path.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
  return [path, bare].some((p) => p === prefix || p.startsWith(`${prefix}.`) || p.startsWith(`${prefix}[`));
}

/** The paths that lie under one of the prefixes. */
export function pathsUnder(paths: readonly string[], prefixes: readonly string[]): string[] {
  return paths.filter((path) => prefixes.some((prefix) => isUnder(path, prefix)));
}
