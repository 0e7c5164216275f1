/**
 * Remembers what was worked out for the last few different keys. It is emptied when it is full: simple, bounded, and as good
 * as any other way for keys that come in their hundreds.
 */
export function few<Value>(most: number): (key: string, work: () => Value) => Value {
  const known = new Map<string, Value>();
  return (key, work) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = work();
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
}
