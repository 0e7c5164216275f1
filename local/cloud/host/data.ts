/**
 * The data of KV, D1 and R2 as Miniflare's bindings give it, but good for ever: each call goes to the runtime that holds the
 * data at that moment and keeps it from being replaced meanwhile.
 */
import { callD1, DATA_WORKER, openObject, type D1Call } from "./data-worker";
import type { Lease } from "./groups";
import type { D1Data, KvData, R2Data } from "./types";

type TakeLease = () => Promise<Lease>;
/** Runs one operation on a fresh binding. */
type Run<T> = <R>(operation: (binding: T) => R) => Promise<Awaited<R>>;

export function kvData(id: string, lease: TakeLease): KvData {
  return methodsOf<KvData>(runner(lease, ({ miniflare }) => miniflare.getKVNamespace(id, DATA_WORKER)));
}

/** A multipart upload and the body of an object from `get` live in the runtime that they came from: use them without delay. */
export function r2Data(bucketName: string, lease: TakeLease): R2Data {
  const open: R2Data["open"] = async (key) => {
    const held = await lease();
    try {
      const object = await openObject(held.miniflare, bucketName, key);
      if (object === undefined) held.leave();
      else object.body.once("close", held.leave);
      return object;
    } catch (error) {
      held.leave();
      throw error;
    }
  };
  return methodsOf<R2Data, Omit<R2Data, "open">>(
    runner(lease, ({ miniflare }) => miniflare.getR2Bucket(bucketName, DATA_WORKER)),
    { open },
  );
}

export function d1Data(id: string, lease: TakeLease): D1Data {
  const query: Query = async (call) => {
    const held = await lease();
    try {
      return await callD1(held.miniflare, id, call);
    } finally {
      held.leave();
    }
  };
  const own = {
    prepare: (sql: string) => new Statement(query, sql, []),
    batch: (statements: Statement[]) => query({ method: "batch", statements }),
  };
  return methodsOf<D1Data>(
    runner(lease, ({ miniflare }) => miniflare.getD1Database(id, DATA_WORKER)),
    own,
  );
}

type Query = (call: D1Call) => Promise<unknown>;

/** A prepared statement that reaches the database only when it is run. */
class Statement {
  readonly #query: Query;

  constructor(
    query: Query,
    readonly sql: string,
    readonly values: unknown[],
  ) {
    this.#query = query;
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.#query, this.sql, values);
  }

  all = () => this.#run("all");
  run = () => this.#run("run");
  raw = (options?: { columnNames: true }) => this.#run("raw", options);
  first = (column?: string) => this.#run("first", column);

  #run(method: D1Call["method"], argument?: unknown): Promise<unknown> {
    return this.#query({ method, statements: [this], argument });
  }
}

function runner<T>(lease: TakeLease, binding: (lease: Lease) => Promise<T>): Run<T> {
  return async <R>(operation: (binding: T) => R): Promise<Awaited<R>> => {
    const held = await lease();
    try {
      return await operation(await binding(held));
    } finally {
      held.leave();
    }
  };
}

/** An object whose every method is one run on the binding, `own` ones aside. */
function methodsOf<T extends object, Binding extends object = T>(run: Run<Binding>, own: object = {}): T {
  return new Proxy(own, {
    get(target, name) {
      // A promise's `then` must stay absent: this object is handed out by async functions.
      if (name === "then" || name in target || typeof name === "symbol") return Reflect.get(target, name);
      return (...args: unknown[]) =>
        run((binding) => Reflect.apply(Reflect.get(binding, name) as () => unknown, binding, args));
    },
  }) as T;
}
