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

/** The same with both values, secrets opened: for comparing alone. */
export function changesBetween(olds: Props, news: Props): Change[] {
  return compareObjects(plain(olds), plain(news), "");
}

function compareObjects(olds: Props, news: Props, at: string): Change[] {
  const before = withoutNulls(olds);
  const after = withoutNulls(news);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(before[key], after[key], at === "" ? key : `${at}.${key}`));
}

function compare(before: Value | undefined, after: Value | undefined, at: string): Change[] {
  if (isObject(before) && isObject(after)) return compareObjects(before, after, at);
  if (Array.isArray(before) && Array.isArray(after)) {
    const [olds, news] = [byName(before), byName(after)];
    if (olds !== undefined && news !== undefined && sameOrder(olds, news)) {
      const names = new Set([...olds.keys(), ...news.keys()]);
      return [...names].flatMap((name) => compare(olds.get(name), news.get(name), `${at}[${JSON.stringify(name)}]`));
    }
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => compare(before[index], after[index], `${at}[${index}]`)).flat();
  }
  return Object.is(before, after) ? [] : [{ path: at, before, after }];
}

/** The elements by their names; undefined where one has none, or shares it. */
function byName(list: readonly Value[]): Map<string, Value> | undefined {
  const named = new Map<string, Value>();
  for (const element of list) {
    const name = isObject(element) ? plain(element).name : undefined;
    if (typeof name !== "string") return undefined;
    named.set(name, element);
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
