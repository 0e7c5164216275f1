import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { median, round3 } from "../figures";
import { startCloudProcess, type CloudProcess, type Memory } from "./process";
import { addShop, ask } from "./shop";

/** What is wanted, on an idle machine where it is a time. */
const WANTED = {
  addMs: 1_500,
  /** The time to add the last ones over that of the first ones: 1 where the whole grows linearly. */
  addGrowth: 1.5,
  idleShopMib: 1,
  firstAnswerMs: 1_000,
  /** The start of a cloud with all of them over that of an empty one. */
  startRatio: 1.5,
};
/** The time to add one at a place is the median of so many before it; at the first, of the three after it. */
const AROUND = 5;
const STARTS = 3;

export interface BenchOptions {
  shops: number;
  /** How many of them are asked, when few are. */
  busy: number;
}

/** A cloud with many Workers, each with data of its own, of which few are asked. */
export async function benchCloud({ shops, busy }: BenchOptions): Promise<object> {
  const stateDir = mkdtempSync(path.join(tmpdir(), "wandstore-bench-"));
  let cloud: CloudProcess | undefined;
  const restart = async (): Promise<number> => {
    await cloud?.stop();
    cloud = await startCloudProcess(stateDir);
    return cloud.startMs;
  };
  try {
    const emptyStarts = await times(STARTS, restart);
    const empty = cloud!.memory();
    say("an empty cloud", `starts in ${ms(median(emptyStarts))}, ${shown(empty)}`);

    const adds: number[] = [];
    for (let n = 1; n <= shops; n++) {
      const begun = performance.now();
      await addShop(cloud!, n);
      adds.push(performance.now() - begun);
      if (n % 10 === 0 || n === 1) say(`shop ${n}`, `added in ${ms(adds.at(-1)!)}, ${shown(cloud!.memory())}`);
    }
    const added = cloud!.memory();

    const fullStarts = await times(STARTS, restart);
    const full = cloud!.memory();
    say(`${shops} shops`, `the cloud starts in ${ms(median(fullStarts))}, ${shown(full)}`);
    const firstAnswers: number[] = [];
    const warmAnswers: number[] = [];
    for (let n = 1; n <= Math.min(busy, shops); n++) {
      firstAnswers.push(await ask(cloud!, n, 2));
      for (let count = 3; count <= 12; count++) warmAnswers.push(await ask(cloud!, n, count));
    }
    const working = cloud!.memory();
    say(`${busy} of them asked`, `first answer after ${ms(median(firstAnswers))}, ${shown(working)}`);
    const again = await medianOfAdding(cloud!, shops);
    return {
      bench: "cloud",
      machine: { cpus: availableParallelism(), load: loadavg()[0], node: process.version },
      shops,
      busy,
      add_ms: addFigures(adds, again),
      idle_shop_mib: atMost((full.cloud + full.workerd - empty.cloud - empty.workerd) / shops, WANTED.idleShopMib),
      first_answer_ms: { ...below(median(firstAnswers), WANTED.firstAnswerMs), warm: round3(median(warmAnswers)) },
      start: {
        ratio: atMost(median(fullStarts) / median(emptyStarts), WANTED.startRatio),
        empty_ms: Math.round(median(emptyStarts)),
        full_ms: Math.round(median(fullStarts)),
      },
      memory_mib: {
        empty: rounded(empty),
        after_adding: rounded(added),
        full_and_idle: rounded(full),
        few_asked: rounded(working),
      },
    };
  } finally {
    await cloud?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Adding to a cloud that was started with all of them. */
async function medianOfAdding(cloud: CloudProcess, shops: number): Promise<number> {
  let n = shops;
  const each = await times(AROUND, async () => {
    const begun = performance.now();
    await addShop(cloud, ++n);
    return performance.now() - begun;
  });
  return median(each);
}

function addFigures(adds: readonly number[], again: number): object {
  const places = [10, 50, adds.length].filter(
    (place, index, all) => place <= adds.length && all.indexOf(place) === index,
  );
  const at = (place: number): number => median(adds.slice(Math.max(1, place - AROUND), place));
  const early = at(Math.min(10, adds.length));
  const last = at(adds.length);
  return {
    ...below(last, WANTED.addMs),
    growth: atMost(last / early, WANTED.addGrowth),
    at: { 1: Math.round(adds[0]!), ...Object.fromEntries(places.map((place) => [place, Math.round(at(place))])) },
    after_a_restart: below(again, WANTED.addMs),
  };
}

async function times(count: number, run: () => Promise<number>): Promise<number[]> {
  const each: number[] = [];
  for (let n = 0; n < count; n++) each.push(await run());
  return each;
}

const below = (value: number, wanted: number) => ({ ms: Math.round(value), wanted, met: value < wanted });
const atMost = (value: number, wanted: number) => ({ value: round3(value), wanted, met: value <= wanted });
const rounded = ({ cloud, workerd, processes }: Memory) => ({
  cloud: Math.round(cloud),
  workerd: Math.round(workerd),
  processes,
});
const ms = (value: number): string => `${Math.round(value)} ms`;
const shown = ({ cloud, workerd, processes }: Memory): string =>
  `${Math.round(cloud)} MiB and ${Math.round(workerd)} MiB in ${processes} workerd`;
const say = (what: string, text: string): void => void process.stderr.write(`${what.padEnd(18)} ${text}\n`);
