import type { StackEngine, StackHealth, StackOutputs } from "../engine";
import { messageOf } from "./messages";

/** Time, as a run sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, when the signal does. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Patience {
  /** How long a shop may take to answer with the new build, milliseconds. */
  readonly deadlineMs: number;
  /** Pause between two questions, milliseconds. */
  readonly everyMs: number;
}

/** A new host name has its certificate within minutes; a Worker is everywhere within one. */
export const PATIENCE: Patience = { deadlineMs: 300_000, everyMs: 2_000 };

export interface Wanted {
  readonly stack: string;
  readonly outputs: StackOutputs;
  /** What has to answer; any build where it is not known. */
  readonly build: string | undefined;
}

/** `asked`: nothing serves it now, so nobody could be. `why`: for people. */
export type Verdict =
  | { readonly ok: true; readonly build: string | undefined }
  | { readonly ok: false; readonly why: string; readonly interrupted: boolean };

/** Asks a shop until it is healthy and answers with the build that is wanted, or the time is over. */
export async function verifyShop(
  engine: Pick<StackEngine, "health">,
  { stack, outputs, build }: Wanted,
  clock: Clock,
  signal: AbortSignal,
  { deadlineMs, everyMs }: Patience,
): Promise<Verdict> {
  const until = clock.now() + deadlineMs;
  for (let last = "nothing"; ;) {
    if (signal.aborted) return { ok: false, why: "the run was stopped before it answered", interrupted: true };
    try {
      const health = await engine.health(stack, outputs, signal);
      if (health === undefined) return { ok: true, build: outputs.generatorBuildId };
      if (isGood(health, build)) return { ok: true, build: build ?? health.builds[0] };
      last = described(health);
    } catch (error) {
      last = messageOf(error);
    }
    if (clock.now() + everyMs > until) {
      const wanted = build === undefined ? "200" : `200 and build ${build}`;
      const why = `it does not answer with ${wanted} within ${deadlineMs / 1000} s; the last answer was ${last}`;
      return { ok: false, why, interrupted: false };
    }
    await clock.sleep(everyMs, signal);
  }
}

const isGood = ({ status, builds }: StackHealth, build: string | undefined): boolean =>
  status === 200 && (build === undefined || (builds.length > 0 && builds.every((answered) => answered === build)));

const described = ({ status, builds }: StackHealth): string =>
  builds.length === 0 ? `${status}, with no word of its build` : `${status} with build ${builds.join(", ")}`;
