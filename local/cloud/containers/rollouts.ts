/**
 * Rollouts at work: the containers of an application are replaced share by share, by SIGTERM and a start from the new image when
 * next they are asked. What was decided is kept before anything is stopped, so a rollout that a crash broke off goes on at the start.
 */
import type { Clock } from "../clock";
import type { Host } from "../host";
import type { ImageStore } from "../registry/images";
import type { ActiveRollout, ApplicationDoc, RolloutDoc, State } from "../state/model";
import type { Releases } from "../workers/releases";

export interface RolloutsOptions {
  state: State;
  host: Host;
  images: ImageStore;
  releases: Releases;
  clock: Clock;
  log: (line: string) => void;
}

export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #running = new Set<Promise<void>>();
  #closed = false;
  /** Ends the wait of each rollout that waits for containers to become old enough. */
  readonly #wakers = new Map<string, () => void>();

  constructor(options: RolloutsOptions) {
    this.#options = options;
  }

  /** Begins a rollout that was accepted, or goes on with one that is under way. Resolves at once; failures are logged. */
  begin(rolloutId: string): void {
    this.#wakers.get(rolloutId)?.(); // one that waits looks again
    const run = this.#run(rolloutId).catch((error: unknown) => {
      this.#options.log(`rollout ${rolloutId}: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Goes on with what the last process left. */
  resume(): void {
    for (const { next } of this.#options.state.applications.list()) if (next) this.begin(next.rolloutId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wakers.values()) wake();
    await Promise.all(this.#running);
  }

  /** Does what the rollout's progress asks for, until nothing is left to do by itself. */
  async #run(rolloutId: string): Promise<void> {
    for (;;) {
      const plan = await this.#options.releases.exclusively(() => this.#takeStep(rolloutId));
      if (plan === undefined || this.#closed) return;
      if (!(await this.#replace(plan.application, plan.rollout))) return;
      await this.#options.releases.exclusively(async () => this.#settle(plan.rollout));
    }
  }

  /** Gives the objects of the present step their image; undefined where there is nothing to do. */
  async #takeStep(rolloutId: string): Promise<{ application: ApplicationDoc; rollout: ActiveRollout } | undefined> {
    const { state, host, images, clock } = this.#options;
    const found = activeRollout(state, rolloutId);
    if (!found || this.#closed) return undefined;
    const { application, rollout } = found;
    const step = nextStep(rollout);
    if (step === undefined) return undefined;
    const at = clock.now().toISOString();
    const percentage = rollout.steps[step - 1]?.percentage ?? 0;
    const changed: ApplicationDoc = { ...application, updatedAt: at, next: { ...application.next, percentage } };
    const started: ActiveRollout = {
      ...rollout,
      progress: { ...rollout.progress, status: "progressing", step, settled: false, updatedAt: at },
    };
    started.progress.startedAt ??= at;
    host.setPool(application.namespaceId, await images.pool(changed));
    state.transaction(() => {
      state.applications.put(changed.id, changed);
      state.rollouts.put(started.id, started);
    });
    return { application: changed, rollout: started };
  }

  /** Stops what runs the wrong image, each container only when it is old enough. False where the rollout changed meanwhile. */
  async #replace({ namespaceId, rolloutActiveGracePeriod }: ApplicationDoc, rollout: ActiveRollout): Promise<boolean> {
    const { state, host, clock } = this.#options;
    for (;;) {
      const oldEnough = new Date(clock.now().getTime() - rolloutActiveGracePeriod * 1000);
      await host.replaceInstances(namespaceId, oldEnough);
      const current = activeRollout(state, rollout.id)?.rollout;
      if (this.#closed || !current || !isSame(current, rollout)) return false;
      const [first] = host
        .outdatedInstances(namespaceId)
        .map(({ startedAt }) => Date.parse(startedAt))
        .toSorted((a, b) => a - b);
      if (first === undefined) return true;
      await this.#wait(rollout.id, Math.max(1, first - oldEnough.getTime()));
    }
  }

  #wait(rolloutId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#wakers.delete(rolloutId);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, done);
      this.#wakers.set(rolloutId, done);
    });
  }

  /** Notes that a step's containers have been replaced, and ends the rollout with its last. */
  #settle(replaced: ActiveRollout): void {
    const { state, clock } = this.#options;
    const { id } = replaced;
    const found = activeRollout(state, id);
    if (!found || !isSame(found.rollout, replaced)) return;
    const { application, rollout } = found;
    const { next, ...rest } = application;
    const { step, reverting } = rollout.progress;
    const updatedAt = clock.now().toISOString();
    const settle = (status: "progressing" | "completed" | "reverted", ended?: Partial<ApplicationDoc>): void => {
      state.transaction(() => {
        state.rollouts.put(id, { ...rollout, progress: { ...rollout.progress, status, settled: true, updatedAt } });
        if (ended) state.applications.put(rest.id, { ...rest, ...ended, updatedAt });
      });
    };
    if (reverting) settle("reverted", { configuration: rollout.currentConfiguration });
    else if (step === rollout.steps.length) {
      settle("completed", { version: next.version, running: next.configuration, runningManifest: next.manifest });
    } else settle("progressing");
  }
}

/** Whether nobody has asked for anything else since. */
const isSame = (a: ActiveRollout, b: ActiveRollout): boolean =>
  JSON.stringify(a.progress) === JSON.stringify(b.progress);

/** Which step to take now, counted from 1 (0: back to the former configuration); undefined where the rollout waits or is over. */
function nextStep({ kind, steps, progress }: ActiveRollout): number | undefined {
  const { step, settled, reverting } = progress;
  if (reverting) return 0;
  if (!settled) return step; // broken off by a restart, or just asked for
  if (kind === "full_manual") return undefined;
  return step < steps.length ? step + 1 : undefined;
}

/** A rollout that its application still follows; undefined where it is over. */
export function activeRollout(
  state: State,
  rolloutId: string,
): { application: ApplicationDoc & Required<Pick<ApplicationDoc, "next">>; rollout: ActiveRollout } | undefined {
  const rollout = state.rollouts.get(rolloutId);
  const application = rollout && state.applications.get(rollout.applicationId);
  if (!rollout || !isUnderWay(rollout) || application?.next?.rolloutId !== rolloutId) return undefined;
  return { application: { ...application, next: application.next }, rollout };
}

export const statusOf = ({ progress }: RolloutDoc) => progress?.status ?? "completed";

const isUnderWay = (rollout: RolloutDoc): rollout is ActiveRollout =>
  statusOf(rollout) === "pending" || statusOf(rollout) === "progressing";
