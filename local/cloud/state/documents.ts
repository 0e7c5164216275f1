/**
 * The metadata of the embedded cloud: JSON documents by kind and id in one SQLite file.
 *
 * Everything is synchronous, so that a check and the write that depends on it cannot be separated by another request.
 */
import { DatabaseSync } from "node:sqlite";
import { CloudError } from "../cloudError";
import { MIGRATIONS, migrate, versionOf, type Migration } from "./migrations";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
  );
`;

/** Documents of one kind, listed in the order in which they were first put. */
export interface Collection<T> {
  get(id: string): T | undefined;
  put(id: string, document: T): void;
  delete(id: string): void;
  list(): T[];
  find(matches: (document: T) => boolean): T | undefined;
}

export interface OpenOptions {
  /** The process that is known to run a cloud here, for the message where the file is held. */
  holder?: () => number | undefined;
  migrations?: readonly Migration[];
}

export class DocumentStore {
  readonly #db: DatabaseSync;
  readonly #known = new Map<string, Map<string, unknown>>();
  #inTransaction = false;
  #writesLeft = Infinity;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Opens the file and holds it: a second process (or a second cloud in this one) is refused until `close` or the end of
   * the process, however it ends, because the lock is the operating system's. A state of a former version becomes one of this.
   * A file that is refused stays as it is.
   * @throws {CloudError} STATE_IN_USE, STATE_UNREADABLE
   */
  static open(path: string, { holder = () => undefined, migrations = MIGRATIONS }: OpenOptions = {}): DocumentStore {
    const db = new DatabaseSync(path);
    try {
      // Exclusive before WAL: SQLite then needs no shared memory and keeps the lock (sqlite.org/wal.html, section 8). Of two that
      // come at once, the empty transaction lets one through; it writes nothing.
      db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;");
      const found = versionOf(db);
      const known = migrations.length + 1;
      if (found > known) {
        throw unreadable(
          `${path} was written by a newer program: its state has version ${found}, and this program knows up to ${known}. Use that program, or choose another folder with --state-dir.`,
        );
      }
      checkSound(path, db);
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      if (found > 0) migrate(db, path, migrations);
      else db.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${known}; COMMIT;`);
      return new DocumentStore(db);
    } catch (error) {
      db.close();
      throw refusal(path, holder, error);
    }
  }

  /** What it gives is frozen: it is the store's own, and a change of it would never come to the file. */
  collection<T>(kind: string): Collection<T> {
    const put = this.#db.prepare(
      "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
    );
    const remove = this.#db.prepare("DELETE FROM documents WHERE kind = ? AND id = ?");
    const all = (): T[] => [...this.#documents(kind).values()] as T[];
    return {
      get: (id) => this.#documents(kind).get(id) as T | undefined,
      put: (id, document) => {
        const body = JSON.stringify(document);
        put.run(kind, id, body);
        this.#wrote();
        this.#documents(kind).set(id, frozen(body));
      },
      delete: (id) => {
        remove.run(kind, id);
        this.#wrote();
        this.#documents(kind).delete(id);
      },
      list: all,
      find: (matches) => all().find(matches),
    };
  }

  /** Ends this process as SIGKILL does, right after so many more writes; `Infinity` takes it back. */
  crashAfter(writes: number): void {
    this.#writesLeft = writes;
  }

  #wrote(): void {
    this.#writesLeft -= 1;
    if (this.#writesLeft === 0) process.kill(process.pid, "SIGKILL");
  }

  /** The documents of a kind, read once: nobody else writes them. */
  #documents(kind: string): Map<string, unknown> {
    const known = this.#known.get(kind);
    if (known !== undefined) return known;
    const rows = this.#db.prepare("SELECT id, body FROM documents WHERE kind = ? ORDER BY position").all(kind);
    const read = new Map((rows as { id: string; body: string }[]).map(({ id, body }) => [id, frozen(body)]));
    this.#known.set(kind, read);
    return read;
  }

  /** All writes of `work`, or none of them. A transaction inside a transaction is part of the outer one. */
  transaction<R>(work: () => R): R {
    if (this.#inTransaction) return work();
    this.#db.exec("BEGIN IMMEDIATE");
    this.#inTransaction = true;
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      this.#known.clear();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  close(): void {
    this.#db.close();
  }
}

const frozen = (body: string): unknown => JSON.parse(body, (_key, value: unknown) => Object.freeze(value));

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** A damaged page would show at some later request, when there is more to lose. */
function checkSound(path: string, db: DatabaseSync): void {
  const [row] = db.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  if (row?.quick_check !== "ok") throw damaged(path, row?.quick_check ?? "no answer");
}

const unreadable = (message: string, options?: ErrorOptions): CloudError =>
  new CloudError("STATE_UNREADABLE", message, options);

const damaged = (path: string, what: string, options?: ErrorOptions): CloudError =>
  unreadable(
    `${path} is not a readable SQLite file (${what}). Restore it from a copy, or remove the state folder and deploy again.`,
    options,
  );

function refusal(path: string, holder: () => number | undefined, error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode === SQLITE_BUSY) {
    const pid = holder();
    return new CloudError(
      "STATE_IN_USE",
      `${pid === undefined ? "Another process" : `Process ${pid}`} runs an embedded cloud on ${path}. Stop it, or choose another folder with --state-dir.`,
      { cause: error },
    );
  }
  if (errcode === SQLITE_CORRUPT || errcode === SQLITE_NOTADB) return damaged(path, message, { cause: error });
  return error;
}
