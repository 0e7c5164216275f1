import { changesBetween, isUnder, type Change } from "../engine/diff";
import { parsePath } from "../engine/propertyPath";
import { isObject, SECRET_SHOWN, type Value } from "../engine/values";
import type { Found } from "./found";
import { hidden, isKept } from "./hide";
import type { PropertyDrift } from "./report";

/** What differs of a resource, as it may be shown: without what the program leaves to others. */
export function propertiesOf(found: Found, secrets: ReadonlySet<string>): PropertyDrift[] {
  if (found.live === "deleted") return [];
  return found.live
    .filter(({ path }) => !found.ignoreChanges.some((ignored) => isUnder(path, ignored)))
    .flatMap((change) => {
      const kept = isKept(found, String(parsePath(change.path)[0]));
      const parts = kept ? [change] : insideJson(change);
      return parts.map(({ path, before, after }) => {
        const show = (value: Value | undefined): Value | undefined => {
          if (value === undefined || value === null) return undefined;
          return kept ? SECRET_SHOWN : hidden(value, path, secrets);
        };
        const [state, cloud] = [show(before), show(after)];
        return { path, ...(state === undefined ? {} : { state }), ...(cloud === undefined ? {} : { cloud }) };
      });
    });
}

/** Of two texts that are JSON the differences inside them: a shop's record is long, and one price of it was changed. */
function insideJson(change: Change): Change[] {
  const [before, after] = [parsed(change.before), parsed(change.after)];
  if (before === undefined || after === undefined) return [change];
  const inside = changesBetween(before, after);
  if (inside.length === 0) return [change]; // the same in other words, and still another value
  return inside.map(({ path, ...values }) => ({ path: `${change.path}.${path}`, ...values }));
}

function parsed(text: Value | undefined): { [key: string]: Value } | undefined {
  if (typeof text !== "string" || !text.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text) as Value;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
