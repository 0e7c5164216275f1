/** Cron triggers: at the turn of every minute, the Workers whose schedules name it are called. A minute that was missed is lost. */
import type { Clock } from "../clock";
import type { Host } from "../host";
import type { BlobStore } from "../state/blobs";
import type { State, VersionDoc } from "../state/model";
import { readCron } from "./cron";
import { liveDeployment, mainVersion } from "./releases";

const MINUTE_MS = 60_000;

export interface SchedulesOptions {
  state: State;
  host: Pick<Host, "runScheduled">;
  modules: BlobStore;
  clock: Clock;
  log: (line: string) => void;
}

export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #running = new Set<Promise<void>>();
  #cancel = () => {};
  #closed = false;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  /** Waits for the next whole minute, and so on. */
  start(): void {
    const { clock } = this.#options;
    const now = clock.now().getTime();
    const next = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
    this.#cancel = clock.after(next - now, () => {
      // By the clock's own word, so that a machine that slept does not make up for what it missed.
      const minute = Math.floor(clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
      this.#fire(new Date(minute));
      if (!this.#closed) this.start();
    });
  }

  /** Calls nobody any more, and waits for those that were called. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await Promise.all(this.#running);
  }

  #fire(minute: Date): void {
    const { state } = this.#options;
    for (const { id, name, schedules } of state.workers.list()) {
      for (const { cron } of schedules) {
        if (readCron(cron)?.(minute) !== true) continue;
        const deployment = liveDeployment(state, id);
        const versions = deployment?.versions.flatMap(({ version_id }) => state.versions.get(version_id) ?? []);
        if (!deployment || !versions) continue;
        const run = this.#run(name, mainVersion(deployment, versions), cron, minute);
        this.#running.add(run);
        void run.finally(() => this.#running.delete(run));
      }
    }
  }

  async #run(name: string, version: VersionDoc, cron: string, minute: Date): Promise<void> {
    const { host, log } = this.#options;
    try {
      if (await this.#mayHaveHandler(version)) await host.runScheduled(name, cron, minute);
    } catch (error) {
      log(`${name}: the schedule "${cron}" failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A handler has to be called `scheduled` somewhere: without the word nothing is started for it. */
  async #mayHaveHandler(version: VersionDoc): Promise<boolean> {
    const texts = await Promise.all(version.modules.map(({ sha256 }) => this.#options.modules.read(sha256)));
    return texts.some((text) => text.includes("scheduled"));
  }
}
