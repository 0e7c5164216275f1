/**
 * The data of KV, D1 and R2 as Miniflare's bindings give it, but good for ever: each call goes to the runtime that holds the
 * data at that moment and keeps it from being replaced meanwhile.
 */
import type { Lease } from "./groups";
import { DATA_WORKER } from "./miniflare-options";
import type { D1Data, KvData, R2Data } from "./types";

type TakeLease = () => Promise<Lease>;
/** Runs one operation on a fresh binding. */
type Run<T> = <R>(operation: (binding: T) => R) => Promise<Awaited<R>>;

export function kvData(id: string, lease: TakeLease): KvData {
  return methodsOf<KvData>(runner(lease, ({ miniflare }) => miniflare.getKVNamespace(id, DATA_WORKER)));
}

/** A multipart upload and the body of an object live in the runtime that they came from: use them without delay. */
export function r2Data(bucketName: string, lease: TakeLease): R2Data {
  return methodsOf<R2Data>(runner(lease, ({ miniflare }) => miniflare.getR2Bucket(bucketName, DATA_WORKER)));
}

export function d1Data(id: string, lease: TakeLease): D1Data {
  const run = runner<D1Data>(lease, ({ miniflare }) => miniflare.getD1Database(id, DATA_WORKER));
  const own = {
    prepare: (sql: string) => new Statement(run, sql, []),
    batch: (statements: Statement[]) => run((d1) => d1.batch(statements.map((statement) => statement.on(d1)))),
  };
  return methodsOf<D1Data>(run, own);
}

type D1Statement = ReturnType<D1Data["prepare"]>;

/** A prepared statement that reaches the database only when it is run. */
class Statement {
  constructor(
    readonly reach: Run<D1Data>,
    readonly sql: string,
    readonly values: unknown[],
  ) {}

  bind(...values: unknown[]): Statement {
    return new Statement(this.reach, this.sql, values);
  }

  on(d1: D1Data): D1Statement {
    const statement = d1.prepare(this.sql);
    return this.values.length === 0 ? statement : statement.bind(...this.values);
  }

  all = () => this.reach((d1) => this.on(d1).all());
  run = () => this.reach((d1) => this.on(d1).run());
  raw = (options?: { columnNames: true }) =>
    this.reach((d1) => (options ? this.on(d1).raw(options) : this.on(d1).raw()));
  first = (column?: string) =>
    this.reach((d1) => (column === undefined ? this.on(d1).first() : this.on(d1).first(column)));
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
function methodsOf<T extends object>(run: Run<T>, own: object = {}): T {
  return new Proxy(own, {
    get(target, name) {
      // A promise's `then` must stay absent: this object is handed out by async functions.
      if (name === "then" || name in target || typeof name === "symbol") return Reflect.get(target, name);
      return (...args: unknown[]) =>
        run((binding) => Reflect.apply(Reflect.get(binding, name) as () => unknown, binding, args));
    },
  }) as T;
}
