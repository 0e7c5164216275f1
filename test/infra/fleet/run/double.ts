import type { StackChange, StackEngine, StackHealth, StackOutputs, StackRun } from "../../../../infra/fleet/engine";
import type { Journal } from "../../../../infra/fleet/run/journal";
import { pastOf } from "../../../../infra/fleet/run/past";
import type { JournalRecord } from "../../../../infra/fleet/run/records";
import { runFleet, type FleetPlan } from "../../../../infra/fleet/run/run";
import type { FleetEvent } from "../../../../infra/fleet/run/events";
import type { FleetReport } from "../../../../infra/fleet/run/report";
import type { Clock } from "../../../../infra/fleet/run/verify";

export const BUILD = "b2";
export const REF = "registry.cloudflare.com/a/wandstore-generator@sha256:2";

/** A clock that only moves when somebody sleeps. */
export function stillClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    now: () => clock.slept,
    sleep: async (ms: number) => void (clock.slept += ms),
  };
  return clock;
}

/** An engine in memory: what it was asked, and how it answers. */
export class EngineDouble implements StackEngine {
  readonly source = "embedded";
  readonly log: string[] = [];
  readonly images: (string | undefined)[] = [];
  atOnce = 0;
  most = 0;
  /** Called while a stack is under way. */
  during: (stack: string) => void | Promise<void> = () => undefined;
  outcome: (stack: string) => StackChange = (stack) => changed(stack);
  answers: (stack: string) => StackHealth | undefined = () => ({ status: 200, builds: [BUILD] });

  preview = (stack: string, run: StackRun): Promise<StackChange> => this.#operate("preview", stack, run);
  up = (stack: string, run: StackRun): Promise<StackChange> => this.#operate("up", stack, run);
  destroy = (stack: string, run: StackRun): Promise<StackChange> => this.#operate("destroy", stack, run);
  outputs = async (): Promise<StackOutputs | undefined> => undefined;

  async health(stack: string): Promise<StackHealth | undefined> {
    this.log.push(`ask ${stack}`);
    await turns(1);
    return this.answers(stack);
  }

  async #operate(operation: string, stack: string, { image }: StackRun): Promise<StackChange> {
    this.log.push(`${operation} ${stack}`);
    this.images.push(image?.ref);
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    try {
      await turns(1 + (stack.charCodeAt(stack.length - 1) % 3));
      await this.during(stack);
      return this.outcome(stack);
    } finally {
      this.atOnce -= 1;
    }
  }
}

/** What an `up` that changed something answers. */
export const changed = (stack: string, outputs: Partial<StackOutputs> = {}): StackChange => ({
  summary: { create: 3, same: 1 },
  outputs: {
    imageDigest: REF,
    generatorBuildId: BUILD,
    releaseId: "r",
    defaultStorefront: `http://${stack}`,
    ...outputs,
  },
});

export const refused = (message: string): never => {
  throw Object.assign(new Error(message), { code: "STEP_FAILED" });
};

/** A journal in memory, which may break at some line. */
export class JournalDouble implements Journal {
  constructor(
    readonly records: JournalRecord[] = [],
    private readonly breaksAfter = Infinity,
  ) {}
  async write(record: JournalRecord): Promise<void> {
    await turns(1);
    if (this.records.length >= this.breaksAfter) throw new Error("the disk is full");
    this.records.push(record);
  }
}

export const beginOf = (waves: readonly (readonly string[])[]): JournalRecord => ({
  kind: "begin",
  version: 1,
  at: 0,
  operation: "up",
  engine: "embedded",
  program: "p",
  waves: waves.map((wave) => [...wave]),
});

export interface Scene {
  readonly engine: EngineDouble;
  readonly journal: JournalDouble;
  readonly events: FleetEvent[];
  readonly stop: AbortController;
  run(): Promise<FleetReport>;
}

/** A run that is ready to go: waves of stacks, and a journal that may have a past. */
export function sceneOf(waves: string[][], plan: Partial<FleetPlan> = {}, journal?: JournalDouble): Scene {
  const engine = new EngineDouble();
  const events: FleetEvent[] = [];
  const stop = new AbortController();
  const notes = journal ?? new JournalDouble([beginOf(waves)]);
  const past = journal === undefined ? undefined : pastOf(journal.records, "journal");
  const whole: FleetPlan = { operation: "up", waves, parallel: 2, maxFailures: 0, filesOf: () => "f", ...plan };
  return {
    engine,
    journal: notes,
    events,
    stop,
    run: () =>
      runFleet(whole, {
        engine,
        journal: notes,
        clock: stillClock(),
        signal: stop.signal,
        onEvent: (event) => events.push(event),
        past,
      }),
  };
}

/** Lets everything else have its turn so many times. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}

/** How each shop ended, in the order of the plan. */
export const states = ({ shops }: FleetReport): string[] => shops.map(({ stack, state }) => `${stack} ${state}`);
