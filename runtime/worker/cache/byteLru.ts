interface Entry<Value> {
  value: Value;
  bytes: number;
  /** Milliseconds since 1970 at which it is gone. */
  until: number;
}

/** Keeps what was used last, up to a number of bytes, each for its time. A Map keeps the order of insertion. */
export class ByteLru<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;

  constructor(readonly capacity: number) {}

  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= now) {
      this.#bytes -= entry.bytes;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value until a time; one larger than the whole capacity is not kept. */
  set(key: string, value: Value, bytes: number, until: number): void {
    this.delete(key);
    if (bytes > this.capacity) return;
    this.#entries.set(key, { value, bytes, until });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.capacity) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  /** Removes everything whose key begins so. */
  deleteBeginning(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.delete(key);
  }
}
