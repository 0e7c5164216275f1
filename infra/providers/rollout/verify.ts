import type { Context } from "../context";
import { agreedBuild, askMembers, type MemberAnswer, type Verification } from "./members";
import type { Progress } from "./rollouts";

/** How a verification ended; in the bad case with the last answers, and why it went on no longer. */
export type Verdict =
  | { readonly ok: true; readonly buildId: string }
  | {
      readonly ok: false;
      /**
       * `time`: it ran out. `closed`, `silent`: the Worker let nobody in, or nothing answered, from the start and for so long
       * that it will not change. `undone`: somebody else reverted or replaced the rollout.
       */
      readonly why: "time" | "closed" | "silent" | "undone";
      readonly answers: readonly MemberAnswer[];
    };

export interface Wanted {
  /** What every member has to answer; without it, the same of all. */
  readonly expected?: string | undefined;
  /** A build that does not count without an expected one: the one before. */
  readonly notThis?: string | undefined;
  /** Whether the answers prove nothing before the rollout is over: the build before may be the very same. */
  readonly waitForEnd: boolean;
  /** How far the rollout is. */
  readonly progress: () => Promise<Progress>;
  readonly timeoutMs: number;
}

/** A Worker that was just deployed takes about a minute to be everywhere: so long it may be closed or silent, milliseconds. */
const SPREADING_MS = 120_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/** Asks the members, in rounds with growing pauses, until they all answer what is wanted or the time is over. */
export async function awaitBuild(context: Context, verification: Verification, wanted: Wanted): Promise<Verdict> {
  const { now, sleep } = context;
  const { expected, notThis, waitForEnd, timeoutMs } = wanted;
  const start = now();
  const until = start + timeoutMs;
  const patienceMs = Math.min(SPREADING_MS, timeoutMs / 2);
  let shut = true; // nobody was let through so far
  let heard: readonly MemberAnswer[] = []; // of each member the last answer: silence at the end says less than what came before
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const answers = await askMembers(context, verification, until);
    heard = answers.map((answer, index) => (answer.kind === "silent" ? (heard[index] ?? answer) : answer));
    const progress = await wanted.progress();
    const buildId = agreedBuild(answers, expected);
    const isNew = expected !== undefined || buildId !== notThis;
    if (buildId !== undefined && isNew && (progress === "over" || !waitForEnd)) return { ok: true, buildId };
    if (progress === "undone") return { ok: false, why: "undone", answers: heard };
    shut &&= answers.every(({ kind }) => kind === "closed" || kind === "silent");
    if (shut && now() - start >= patienceMs) {
      return { ok: false, why: answers.some(({ kind }) => kind === "closed") ? "closed" : "silent", answers: heard };
    }
    if (now() >= until) return { ok: false, why: "time", answers: heard };
    await sleep(Math.max(1, Math.min(pause, until - now())));
  }
}
