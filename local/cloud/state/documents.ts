/**
 * The metadata of the embedded cloud: JSON documents by kind and id in one SQLite file.
 *
 * Everything is synchronous, so that a check and the write that depends on it cannot be separated by another request.
 */
import { DatabaseSync } from "node:sqlite";
import { CloudError } from "../cloudError";

const SCHEMA_VERSION = 1;

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

export class DocumentStore {
  readonly #db: DatabaseSync;
  #inTransaction = false;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Opens the file and holds it: a second process (or a second cloud in this one) is refused until `close` or the end of
   * the process, however it ends, because the lock is the operating system's.
   * @throws {CloudError} STATE_IN_USE, STATE_UNREADABLE
   */
  static open(path: string): DocumentStore {
    const db = new DatabaseSync(path);
    try {
      // Exclusive before WAL: SQLite then needs no shared memory and keeps the lock (sqlite.org/wal.html, section 8).
      db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      db.exec("BEGIN EXCLUSIVE; COMMIT;");
      const found = (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
      if (found > SCHEMA_VERSION) {
        throw new CloudError(
          "STATE_UNREADABLE",
          `${path} has schema version ${found}; this program knows up to ${SCHEMA_VERSION}. Use a newer program or another state folder.`,
        );
      }
      db.exec(SCHEMA);
      db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
      return new DocumentStore(db);
    } catch (error) {
      db.close();
      throw refusal(path, error);
    }
  }

  collection<T>(kind: string): Collection<T> {
    const get = this.#db.prepare("SELECT body FROM documents WHERE kind = ? AND id = ?");
    const put = this.#db.prepare(
      "INSERT INTO documents (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
    );
    const remove = this.#db.prepare("DELETE FROM documents WHERE kind = ? AND id = ?");
    const list = this.#db.prepare("SELECT body FROM documents WHERE kind = ? ORDER BY position");
    const parse = (row: unknown): T => JSON.parse((row as { body: string }).body) as T;
    const all = (): T[] => list.all(kind).map(parse);
    return {
      get: (id) => {
        const row = get.get(kind, id);
        return row === undefined ? undefined : parse(row);
      },
      put: (id, document) => void put.run(kind, id, JSON.stringify(document)),
      delete: (id) => void remove.run(kind, id),
      list: all,
      find: (matches) => all().find(matches),
    };
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
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  close(): void {
    this.#db.close();
  }
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function refusal(path: string, error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (code === SQLITE_BUSY) {
    return new CloudError(
      "STATE_IN_USE",
      `Another process runs an embedded cloud on ${path}. Stop it, or choose another folder with --state-dir.`,
      { cause: error },
    );
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new CloudError(
      "STATE_UNREADABLE",
      `${path} is not a readable SQLite file. Restore it, or remove the state folder and deploy again.`,
      { cause: error },
    );
  }
  return error;
}
