import { isObject, isSecret, secret, type Props, type Value } from "./values";

/** One step into a value: a property, a position in a list, or `*` for all of either. */
export type PathStep = string | number;

/**
 * Reads a path as Pulumi writes them: `root.nested`, `list[0].name`, `map["key with a ."]`, `list[*]`.
 * @throws Error that says where the path breaks off
 */
export function parsePath(text: string): PathStep[] {
  const steps: PathStep[] = [];
  const next = /\.?([^.[\]"]+)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+)|(\*))\]/y;
  while (next.lastIndex < text.length) {
    const at = next.lastIndex;
    const found = next.exec(text);
    if (found === null || (at === 0 && text.startsWith("."))) {
      throw new Error(`"${text}" is no path: "${text.slice(at)}" is neither .name, [0], ["name"] nor [*]`);
    }
    const [, name, quoted, index, all] = found;
    steps.push(name ?? quoted?.replace(/\\"/g, '"') ?? (index === undefined ? all! : Number(index)));
  }
  if (steps.length === 0) throw new Error("a path needs at least one name");
  return steps;
}

/**
 * New inputs in which the properties at the paths are as they were (Pulumi's `ignoreChanges`). A path that leads through
 * an element which only one side has ignores nothing there, as in Pulumi.
 */
export function withIgnored(olds: Props, news: Props, paths: readonly string[]): Props {
  return paths.reduce<Props>((kept, text) => reset(olds, kept, parsePath(text)) as Props, news);
}

/** `now` with what lies at the path taken from `before`; a secret on the way stays one. */
function reset(before: Value | undefined, now: Value | undefined, path: readonly PathStep[]): Value | undefined {
  if (path.length === 0) return before;
  if (isSecret(before) || isSecret(now)) {
    const inner = reset(opened(before), opened(now), path);
    return inner === undefined ? undefined : secret(inner);
  }
  const [step, ...rest] = path;
  if (Array.isArray(now)) {
    if (!Array.isArray(before)) return now;
    return now.map((item, index) =>
      (step === "*" || step === index) && index < before.length ? (reset(before[index], item, rest) ?? item) : item,
    );
  }
  if (!isObject(now)) return now;
  const old = isObject(before) ? before : {};
  const names = step === "*" ? [...new Set([...Object.keys(old), ...Object.keys(now)])] : [String(step)];
  const changed = { ...now };
  for (const name of names) {
    if (rest.length > 0 && (!(name in old) || !(name in now))) continue;
    const value = reset(old[name], now[name], rest);
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return changed;
}

const opened = (value: Value | undefined): Value | undefined => (isSecret(value) ? value.value : value);
