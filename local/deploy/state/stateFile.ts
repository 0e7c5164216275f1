import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { LockHeld, takeLock } from "../../../infra/fleet/lock";
import { DeployError } from "../errors";
import type { Value } from "../engine/values";
import { SecretBox } from "./secrets";
import { emptyState, type StackState } from "./stackState";

export const STACK_NAME = /^[a-z][a-z0-9-]{0,60}$/;
/** A lock that nobody renewed for this long belongs to a process that is gone. */
const LOCK_STALE_MS = 8_000;

/** The state of one stack on disk: written whole or not at all, with its secrets encrypted. */
export class StateFile {
  readonly file: string;
  readonly #box: SecretBox;
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  constructor(
    stateDir: string,
    readonly project: string,
    readonly stack: string,
  ) {
    if (!STACK_NAME.test(stack)) {
      throw new DeployError(
        "BAD_STACK_NAME",
        `"${stack}" cannot be the name of a stack: it starts with a letter, has lower-case letters, digits and hyphens, and is at most 61 long`,
      );
    }
    this.file = path.join(stateDir, "stacks", `${stack}.json`);
    this.#box = SecretBox.of(stateDir, `${project}/${stack}`);
  }

  get exists(): boolean {
    return existsSync(this.file);
  }

  /** The state, or an empty one for a stack that was never deployed. */
  read(): StackState {
    if (!this.exists) return emptyState(this.project, this.stack);
    let state: StackState;
    try {
      state = JSON.parse(readFileSync(this.file, "utf8")) as StackState;
    } catch (cause) {
      throw new DeployError("BAD_STATE", `${this.file} is not JSON: restore it from a copy`, { cause });
    }
    if (state.version !== 1) {
      throw new DeployError(
        "BAD_STATE",
        `${this.file} has version ${String(state.version)}; this program reads version 1`,
      );
    }
    return this.#box.open(state as unknown as Value) as unknown as StackState;
  }

  /** Writes the state as it is now. Calls during a write share the next one. */
  save(state: StackState): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write(state).finally(() => (this.#writing = undefined));
      return this.#writing;
    }
    this.#waiting ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined;
        return this.save(state);
      });
    return this.#waiting;
  }

  async #write(state: StackState): Promise<void> {
    mkdirSync(path.dirname(this.file), { recursive: true });
    const sealed = this.#box.seal(state as unknown as Value);
    await writeFileAtomic(this.file, `${JSON.stringify(sealed, null, 2)}\n`, { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  /**
   * Keeps every other run off the stack until the returned function is called. `lost` is called when the lock was taken
   * away, which means that this process stood still for longer than a lock lives.
   */
  async lock(lost: () => void): Promise<() => Promise<void>> {
    mkdirSync(path.dirname(this.file), { recursive: true });
    try {
      return await takeLock(this.file, `${this.file}.owner`, { staleMs: LOCK_STALE_MS, lost });
    } catch (cause) {
      if (!(cause instanceof LockHeld)) throw cause;
      const who = cause.by === undefined ? "another process" : `process ${cause.by}`;
      throw new DeployError(
        "STACK_LOCKED",
        `stack "${this.stack}" is being deployed by ${who}: wait until it has ended`,
        { cause },
      );
    }
  }
}

/** The state files of a folder, with the stack of each. */
export function stateFiles(stateDir: string): { stack: string; file: string }[] {
  const folder = path.join(stateDir, "stacks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const stack = name.endsWith(".json") ? name.slice(0, -".json".length) : "";
    return STACK_NAME.test(stack) ? [{ stack, file: path.join(folder, name) }] : [];
  });
}
