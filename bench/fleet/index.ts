import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { median, round3 } from "../figures";
import { memoryOf, treeOf, watch } from "./memory";
import { makeProject } from "./project";
import { runWandstore, startCloud } from "./processes";

export interface BenchOptions {
  shops: number;
  parallel: number;
  /** Runs after the first, in which nothing changed. */
  repeats: number;
}

/** What a run in which nothing changed may take of the first one. */
const NOOP_WANTED = 0.2;
/** Seconds a shop, on two cores that have nothing else to do. */
const FIRST_WANTED_S = 3;
const NOOP_WANTED_S = 0.5;

/** One run of `wandstore shop up --all --local`. */
interface Run {
  readonly seconds: number;
  /** Seconds of each shop by itself; several are under way at once. */
  readonly each: readonly number[];
  /** Seconds of processors that the deploying process took: what others do on the machine has no say in it. */
  readonly processor: number | undefined;
  /** MiB of the deploying process: at the half, at the end, at the most. */
  readonly memory: { readonly half: number; readonly end: number; readonly most: number } | null;
}

/**
 * Time and memory of a fleet of shops on one embedded cloud: the first run, which makes all of them, and runs in which nothing
 * changed. The cloud is a process of its own, so that the deploying process is measured alone.
 */
export async function benchFleet({ shops, parallel, repeats }: BenchOptions): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), "wandstore-fleet-"));
  try {
    const slugs = makeProject(folder, shops);
    const cloud = await startCloud(folder);
    try {
      const idle = memoryOf(treeOf(cloud.pid));
      const first = await measure(folder, parallel, slugs, "first");
      const deployed = memoryOf(treeOf(cloud.pid));
      const noops: Run[] = [];
      for (let at = 1; at <= repeats; at += 1)
        noops.push(await measure(folder, parallel, slugs, `no change ${at}/${repeats}`));
      const ratios = noops.map(({ seconds }) => seconds / first.seconds);
      const ratio = round3(median(ratios));
      return {
        bench: "fleet",
        machine: { cpus: availableParallelism(), load: loadavg()[0], node: process.version },
        shops,
        parallel,
        ratios: {
          noop_to_first: { ratio, wanted: NOOP_WANTED, met: ratio < NOOP_WANTED, rounds: ratios.map(round3) },
        },
        seconds_per_shop: {
          first: wanted(first.seconds / shops, FIRST_WANTED_S),
          noop: wanted(median(noops.map(({ seconds }) => seconds)) / shops, NOOP_WANTED_S),
        },
        first: summary(first),
        noop: noops.map(summary),
        cloud_memory_mib:
          idle === null || deployed === null ? null : { idle, deployed, per_shop: round3((deployed - idle) / shops) },
      };
    } finally {
      await cloud.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, parallel: number, slugs: readonly string[], name: string): Promise<Run> {
  const began = performance.now();
  const args = ["shop", "up", "--all", "--local", "--json", "--parallel", String(parallel), "--wave", "25%"];
  const run = runWandstore(folder, [...args, "--state-dir", path.join(folder, "state")]);
  const watched = watch(run.pid);
  const { stdout } = await run.ended;
  const seconds = (performance.now() - began) / 1000;
  const report = JSON.parse(stdout) as { shops: { stack: string; state: string; ms: number }[] };
  const undone = report.shops.filter(({ state }) => state !== "done");
  if (undone.length > 0 || report.shops.length !== slugs.length) {
    throw new Error(`not every shop was deployed: ${JSON.stringify(undone.slice(0, 3))}`);
  }
  const { memory, processor } = watched.stop();
  const said = `${seconds.toFixed(1)} s, ${(seconds / slugs.length).toFixed(2)} s a shop`;
  process.stderr.write(`${name.padEnd(16)} ${said}, ${memory.at(-1) ?? "?"} MiB at the end\n`);
  return { seconds, each: report.shops.map(({ ms }) => ms / 1000), processor, memory: memoryIn(memory) };
}

function memoryIn(samples: readonly number[]): Run["memory"] {
  if (samples.length === 0) return null;
  return { half: samples[Math.floor(samples.length / 2)]!, end: samples.at(-1)!, most: Math.max(...samples) };
}

const wanted = (seconds: number, most: number) => ({ seconds: round3(seconds), wanted: most, met: seconds < most });

function summary({ seconds, each, processor, memory }: Run): object {
  return {
    seconds: round3(seconds),
    deploying_process_cpu_s: processor ?? null,
    shop_median_s: round3(median(each)),
    shop_slowest_s: round3(Math.max(...each)),
    deploying_process_mib: memory,
  };
}
