import { isRecent } from "../recent";

/** What changes domains is a deployment. */
const CURRENT_MS = 60_000;
/** A shop that is not found may have been deployed a moment ago; the records are read again no oftener than this. */
const PATIENCE_MS = 5_000;

/** Which store each domain belongs to, read when it is asked for and remembered for a minute. */
export class Directory {
  #slugs: ReadonlyMap<string, string> = new Map();
  #readAt = -Infinity;

  /** The store of a domain; undefined when there is none. Throws what reading throws, and remembers what it knew. */
  async find(
    domain: string,
    read: () => Promise<ReadonlyMap<string, string>>,
    now: number,
  ): Promise<string | undefined> {
    const known = this.#slugs.get(domain);
    if (isRecent(this.#readAt, known === undefined ? PATIENCE_MS : CURRENT_MS, now)) return known;
    this.#slugs = await read();
    this.#readAt = now;
    return this.#slugs.get(domain);
  }
}
