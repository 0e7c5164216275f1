import type { FaultCode } from "../../contract/errors";
import { within } from "../deadline";
import type { Env } from "../env";
import type { Log } from "../log";
import type { GenerationProgress, StoredPage } from "../shopper/api";
import { shopperOf } from "../shopper/stub";
import { repeat } from "./repeat";

/**
 * A page that is there sooner needs no word before it. Each word is a write of the shopper's object, and most pages that no
 * model makes are as fast as that.
 */
const QUIET_MS = 300;
/** The shopper's object answers inside this, or it counts as out of reach. */
const PATIENCE_MS = 5_000;

/**
 * Tells the shopper who asked for a page how it comes on. Best effort, and behind the work: nothing waits for it but the news
 * that the page is there, and no job fails by it. Messages to one object arrive in the order they were sent.
 */
export class Teller {
  readonly #env: Env;
  readonly #store: string;
  readonly #log: Log;
  /** Looked up for each message: whoever was forgotten meanwhile is told nothing. */
  readonly #shopper: () => string | null;
  #news: GenerationProgress | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #spoke = false;

  constructor({ env, store, log, shopper }: { env: Env; store: string; log: Log; shopper: () => string | null }) {
    this.#env = env;
    this.#store = store;
    this.#log = log;
    this.#shopper = shopper;
  }

  progress(status: GenerationProgress["status"], percent: number): void {
    this.#news = { status, progress_percent: percent };
    if (this.#spoke) this.#speak();
    else this.#quiet ??= setTimeout(() => this.#speak(), QUIET_MS);
  }

  failed(code: FaultCode, message: string): void {
    clearTimeout(this.#quiet ?? null);
    this.#behind((name, object) => object.failed(name, { code, message }));
  }

  /** Tries three times; what never arrives costs the news alone, since the next visit finds the page. */
  async ready(page: StoredPage, askedAt: number): Promise<void> {
    clearTimeout(this.#quiet ?? null);
    try {
      await repeat(async () => {
        const shopper = this.#shopper();
        if (shopper === null) return;
        const name = { store: this.#store, shopper };
        const told = shopperOf(this.#env, name).pageStored(name, page, askedAt);
        if (
          (await within(
            PATIENCE_MS,
            told.then(() => true),
            false,
          )) === false
        )
          throw new Error("no answer in time");
      });
    } catch (error) {
      this.#log.error("shopper_not_told", error);
    }
  }

  #speak(): void {
    const news = this.#news;
    this.#spoke = true;
    if (news !== undefined) this.#behind((name, object) => object.progress(name, news));
  }

  #behind(
    send: (name: { store: string; shopper: string }, object: ReturnType<typeof shopperOf>) => Promise<void>,
  ): void {
    const shopper = this.#shopper();
    if (shopper === null) return;
    const name = { store: this.#store, shopper };
    send(name, shopperOf(this.#env, name)).catch((error: unknown) => this.#log.error("shopper_not_told", error));
  }
}
