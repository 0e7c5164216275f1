import { isObject, plain, withoutNulls, type Props, type Value } from "./values";

/**
 * Paths of all properties that differ, such as `configuration.maxInstances` or `bindings[3].text`, sorted as they appear.
 * Secrets are compared by what they hold; an unknown differs from everything; null is the same as absent.
 */
export function changedPaths(olds: Props, news: Props): string[] {
  return compareObjects(plain(olds), plain(news), "");
}

function compareObjects(olds: Props, news: Props, at: string): string[] {
  const before = withoutNulls(olds);
  const after = withoutNulls(news);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(before[key], after[key], at === "" ? key : `${at}.${key}`));
}

function compare(before: Value | undefined, after: Value | undefined, at: string): string[] {
  if (isObject(before) && isObject(after)) return compareObjects(before, after, at);
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => compare(before[index], after[index], `${at}[${index}]`)).flat();
  }
  return Object.is(before, after) ? [] : [at];
}

/** Whether a path is `prefix` or lies below it; a prefix of `*` covers all. Array positions in the path do not matter. */
export function isUnder(path: string, prefix: string): boolean {
  if (prefix === "*") return true;
  const bare = path.replace(/\[\d+\]/g, "");
  return [path, bare].some((p) => p === prefix || p.startsWith(`${prefix}.`) || p.startsWith(`${prefix}[`));
}

/** The paths that lie under one of the prefixes. */
export function pathsUnder(paths: readonly string[], prefixes: readonly string[]): string[] {
  return paths.filter((path) => prefixes.some((prefix) => isUnder(path, prefix)));
}

/** New inputs in which the ignored properties have their old values (Pulumi's `ignoreChanges`; top-level names). */
export function withIgnored(olds: Props, news: Props, ignored: readonly string[]): Props {
  const kept = { ...news };
  for (const key of ignored) {
    const old = olds[key];
    if (old === undefined) delete kept[key];
    else kept[key] = old;
  }
  return kept;
}
