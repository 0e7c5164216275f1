import { WandError } from "../../contract/errors";
import type { Log } from "../log";

/** Once more is worth it: the stores that are asked here fail by themselves for a moment. */
const ATTEMPTS = 2;

/** The parts of an erasure: one that fails keeps none of the others from their work, and all are named at the end. */
export class Parts {
  readonly #failed = new Set<string>();

  constructor(readonly log: Log) {}

  /** Does a part's work, a second time if need be. Names are for people and say nothing of whom it is about. */
  async run(name: string, work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await work();
        return;
      } catch (error) {
        this.log.error("erasure_failed", error, { part: name, attempt });
      }
    }
    this.#failed.add(name);
  }

  /** Throws ERASURE_INCOMPLETE when a part is not done. What is done is done: another time does the rest. */
  check(): void {
    if (this.#failed.size === 0) return;
    const names = [...this.#failed].toSorted().join(", ");
    throw new WandError("ERASURE_INCOMPLETE", `Not everything could be erased (${names}). Please ask once more.`);
  }
}
