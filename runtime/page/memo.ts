/**
 * Results that are kept, so that a page is not worked out from nothing each time. Only for pure functions: what is kept is
 * what would be worked out again. Everything here is bounded, by a number or by the life of what it belongs to.
 */

/** Keeps the results of the `most` keys used last. */
export function byKey<V>(most: number): (key: string, make: () => V) => V {
  const kept = new Map<string, V>();
  return (key, make) => {
    let value = kept.get(key);
    if (value === undefined) {
      value = make();
      if (kept.size >= most) kept.delete(kept.keys().next().value as string);
    } else {
      kept.delete(key);
    }
    kept.set(key, value); // a Map keeps the order of insertion: the one used last is last
    return value;
  };
}

/** Keeps one result for each object as long as the object lives. Objects of a catalogue are never changed in place. */
export function byObject<K extends object, V>(make: (object: K) => V): (object: K) => V {
  const kept = new WeakMap<K, V>();
  return (object) => {
    let value = kept.get(object);
    if (value === undefined) kept.set(object, (value = make(object)));
    return value;
  };
}
