/** Attempts at a task before it is dropped; the pauses between them double from one second. */
const MOST_ATTEMPTS = 6;

/** While tasks run, the alarm is set for so much later: whatever happens to them, there is a next one. */
const RUN_MS = 60_000;

interface Entry {
  /** Milliseconds since 1970. */
  at: number;
  attempt: number;
  /** Tells an entry from the one that takes its place. */
  mark: number;
}

/** What of a Durable Object's storage this needs. */
interface Storage {
  kv: {
    get<Value>(key: string): Value | undefined;
    put<Value>(key: string, value: Value): void;
    delete(key: string): boolean;
  };
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

const KEY = "agenda";

/** The tasks that an object has put off, in storage, with its one alarm set for the first of them. */
export class Agenda<Task extends string> {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** When a task is due; undefined for one that is not planned. */
  at(task: Task): number | undefined {
    return this.#read()[task]?.at;
  }

  /** Puts a task off until a time; one that is planned already is moved to it. */
  async plan(task: Task, at: number): Promise<void> {
    await this.#write({ ...this.#read(), [task]: { at, attempt: 1, mark: Math.random() } });
  }

  /** Takes a task off; it was done meanwhile. The alarm stays as it is: it finds nothing to do. */
  drop(task: Task): void {
    const { [task]: dropped, ...rest } = this.#read();
    if (dropped !== undefined) this.#storage.kv.put(KEY, rest);
  }

  /**
   * Does what is due, all side by side, and sets the alarm for the rest. A task that throws is tried again, later each
   * time, and dropped in the end. It stays planned until it is done: a crash in between loses nothing.
   */
  async work(
    now: number,
    run: (task: Task) => Promise<void>,
    failed: (task: Task, error: unknown) => void,
  ): Promise<void> {
    // Also because workerd drops an alarm that is set, while it runs, for the very time it runs for.
    await this.#storage.setAlarm(now + RUN_MS);
    const due = (Object.entries(this.#read()) as [Task, Entry][]).filter(([, { at }]) => at <= now);
    await Promise.all(
      due.map(async ([task, entry]) => {
        const error: unknown = await run(task).then(
          () => undefined,
          (cause: unknown) => cause ?? new Error("failed without a reason"),
        );
        if (error !== undefined) failed(task, error);
        this.#ended(task, entry, error === undefined, now);
      }),
    );
    await this.#write(this.#read());
  }

  /** A task that planned itself anew while it ran is left as it is. */
  #ended(task: Task, entry: Entry, done: boolean, now: number): void {
    const current = this.#read()[task];
    if (current?.mark !== entry.mark) return;
    if (done || entry.attempt >= MOST_ATTEMPTS) return this.drop(task);
    const again: Entry = { ...entry, at: now + 1000 * 2 ** (entry.attempt - 1), attempt: entry.attempt + 1 };
    this.#storage.kv.put(KEY, { ...this.#read(), [task]: again });
  }

  #read(): Partial<Record<Task, Entry>> {
    return this.#storage.kv.get<Partial<Record<Task, Entry>>>(KEY) ?? {};
  }

  async #write(entries: Partial<Record<Task, Entry>>): Promise<void> {
    const times = (Object.values(entries) as Entry[]).map(({ at }) => at);
    if (times.length === 0) {
      this.#storage.kv.delete(KEY);
      return this.#storage.deleteAlarm();
    }
    this.#storage.kv.put(KEY, entries);
    await this.#storage.setAlarm(Math.min(...times));
  }
}
