import { availableParallelism, loadavg } from "node:os";
import { median, round3 } from "../figures";
import { putUnderLoad, type Measured } from "./load";
import { setScene, TARGETS, type Target } from "./scene";

/** Measured in each round; the others are for information. */
const COMPARED = TARGETS.filter((target) => target !== "first_visit" && target !== "kv_cold");
/** What is compared, and what is wanted of it. */
const RATIOS = {
  memory_to_fixed: { of: "memory", to: "fixed", wanted: 0.7 },
  kv_to_bare_kv: { of: "kv", to: "bare_kv", wanted: 0.9 },
  fallback_to_fixed: { of: "fallback", to: "fixed", wanted: 0.6 },
} as const satisfies Record<string, { of: Target; to: Target; wanted: number }>;
/**
 * Milliseconds, of the slowest request in a hundred, on an idle machine. Measured with a pause after each answer: where every
 * connection asks at once again, a request waits for the hundred before it, and the figure says how many there are.
 */
const P99_WANTED: Readonly<Partial<Record<Target, number>>> = { memory: 50, kv: 50, fallback: 100 };
const PACED = ["fixed", "bare_kv", "memory", "kv", "fallback"] as const satisfies readonly Target[];
/** A hundred such shoppers ask 200 times a second. */
const PACE_MS = 500;
/** Where each target's pages have to come from for its figure to mean anything. */
const SOURCE: Readonly<Record<Target, string>> = {
  fixed: "none",
  bare_kv: "none",
  memory: "memory",
  kv: "kv",
  kv_cold: "kv",
  fallback: "fallback",
  first_visit: "fallback",
};

export interface BenchOptions {
  connections: number;
  /** Length of one measurement, seconds. */
  seconds: number;
  rounds: number;
}

/**
 * Throughput of the Worker's ways to a page, as ratios to the least a Worker can do for the same bytes; everything on one
 * workerd in one run. The rounds take turns, so that a noisy moment meets all of them; the median round counts.
 */
export async function benchEdge({ connections, seconds, rounds }: BenchOptions): Promise<object> {
  const scene = await setScene();
  try {
    const runs: Record<Target, Measured[]> = {
      fixed: [],
      bare_kv: [],
      memory: [],
      kv: [],
      kv_cold: [],
      fallback: [],
      first_visit: [],
    };
    for (let round = 0; round <= rounds; round++) {
      for (const target of COMPARED) {
        // What was in memory has aged while the others were measured.
        if (target === "memory") await putUnderLoad(scene.loads.memory, connections, 1);
        // Round 0 warms up: the engine compiles what it runs often.
        const measured = await putUnderLoad(scene.loads[target], connections, round === 0 ? 1 : seconds);
        if (round > 0) runs[target].push(measured);
        say(`round ${round}/${rounds}`, target, measured);
      }
    }
    const paced: Record<(typeof PACED)[number], Measured[]> = {
      fixed: [],
      bare_kv: [],
      memory: [],
      kv: [],
      fallback: [],
    };
    for (let round = 1; round <= rounds; round++) {
      for (const target of PACED) {
        await putUnderLoad(scene.loads[target], connections, 1, PACE_MS); // what the target before left to do is done
        const measured = await putUnderLoad(scene.loads[target], connections, 2 * seconds, PACE_MS);
        paced[target].push(measured);
        say(`paced ${round}/${rounds}`, target, measured);
      }
    }
    // The flood comes last, because its jobs go on for a while: every answer has put one in line.
    for (const target of ["kv_cold", "first_visit"] as const) {
      const measured = await putUnderLoad(scene.loads[target], connections, seconds);
      runs[target].push(measured);
      say("at the end", target, measured);
    }
    for (const target of TARGETS) checkSource(target, runs[target]);
    return report(runs, paced, { connections, seconds, rounds, pageBytes: scene.pageBytes });
  } finally {
    await scene.stop();
  }
}

function say(when: string, target: Target, { requestsPerSecond, p99Ms }: Measured): void {
  const rate = `${Math.round(requestsPerSecond)}/s`.padStart(8);
  process.stderr.write(`${when}  ${target.padEnd(12)} ${rate}  p99 ${p99Ms.toFixed(1)} ms\n`);
}

function report(
  runs: Record<Target, Measured[]>,
  paced: Readonly<Record<(typeof PACED)[number], readonly Measured[]>>,
  about: BenchOptions & { pageBytes: number },
): object {
  const targets = Object.fromEntries(TARGETS.map((target) => [target, summary(target, runs[target])]));
  const ratios = Object.fromEntries(
    Object.entries(RATIOS).map(([name, { of, to, wanted }]) => {
      const each = runs[of].map((run, round) => run.requestsPerSecond / runs[to][round]!.requestsPerSecond);
      const ratio = round3(median(each));
      return [name, { ratio, wanted, met: ratio >= wanted, rounds: each.map(round3) }];
    }),
  );
  const p99 = Object.fromEntries(
    PACED.map((target) => {
      const each = paced[target].map(({ p99Ms }) => round3(p99Ms));
      const ms = median(each);
      const wanted = P99_WANTED[target];
      return [target, { ms, ...(wanted !== undefined && { wanted, met: ms < wanted }), rounds: each }];
    }),
  );
  const { pageBytes, ...options } = about;
  return {
    bench: "edge",
    machine: { cpus: availableParallelism(), load: loadavg()[0], node: process.version },
    ...options,
    page_bytes: pageBytes,
    ratios,
    paced_p99_ms: p99,
    targets,
  };
}

/** Share of the pages that may come from elsewhere: memory forgets a page after a minute. */
const ASTRAY = 0.05;

/** @throws Error when a figure is of something else than it says. */
function checkSource(target: Target, runs: readonly Measured[]): void {
  const right = rightShare(target, runs);
  if (right >= 1 - ASTRAY) return;
  const seen = JSON.stringify(runs.map(({ sources }) => sources));
  throw new Error(`${target} should be answered from "${SOURCE[target]}"; it was answered so: ${seen}`);
}

function rightShare(target: Target, runs: readonly Measured[]): number {
  const answers = runs.flatMap(({ sources }) => Object.entries(sources));
  const all = answers.reduce((sum, [, count]) => sum + count, 0);
  const right = answers.reduce((sum, [source, count]) => sum + (source === SOURCE[target] ? count : 0), 0);
  return all === 0 ? 0 : round3(right / all);
}

function summary(target: Target, runs: readonly Measured[]): object {
  return {
    requests_per_second: Math.round(median(runs.map(({ requestsPerSecond }) => requestsPerSecond))),
    p50_ms: round3(median(runs.map(({ p50Ms }) => p50Ms))),
    p99_ms: round3(median(runs.map(({ p99Ms }) => p99Ms))),
    bytes: runs[0]?.bytesPerAnswer,
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
    /** Share of the answers that came from where this target's have to. */
    from_the_right_place: rightShare(target, runs),
  };
}
