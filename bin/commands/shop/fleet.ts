import { setTimeout as wait } from "node:timers/promises";
import writeFileAtomic from "write-file-atomic";
import type { StackEngine } from "../../../infra/fleet/engine";
import { listShops } from "../../../infra/fleet/list";
import { shopMark } from "../../../infra/fleet/run/fingerprint";
import { JournalFile } from "../../../infra/fleet/run/journal";
import type { Operation } from "../../../infra/fleet/run/records";
import { countStates, type FleetReport, isComplete } from "../../../infra/fleet/run/report";
import { runFleet } from "../../../infra/fleet/run/run";
import { lockFleet, newJournalFile, reportFileOf } from "../../../infra/fleet/run/runs";
import { type Share, toleratedOf } from "../../../infra/fleet/run/waves";
import type { Clock } from "../../../infra/fleet/run/verify";
import { confirmByName } from "../../confirm";
import { complain, say } from "../../display";
import { fleetProgressOn } from "../../display/fleet";
import { fleetLines } from "../../display/fleetTable";
import { Ended, EXIT, Failure } from "../../failure";
import { interruptible } from "../../interrupts";
import { PROJECT_DIR } from "../../options";
import { findShop } from "../../shop/find";
import { checkUsage, type FleetOptions } from "../../shop/fleetOptions";
import { pinOf, type Task, taskOf } from "../../shop/fleetTask";
import { withShopPlace } from "../../shop/place";
import { checkQuotas } from "../../shop/quota";

const PARALLEL = 4;
const MAX_FAILURES: Share = { count: 0 };
/** A preview that fails harms no other shop: all of them are looked at. */
const PREVIEW_MAX_FAILURES: Share = { percent: 100 };
const CLOCK: Clock = {
  now: Date.now,
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};

/**
 * `wandstore shop up|preview|destroy` on many shops: in waves, with a journal and a report.
 * @throws FleetError FLEET_LOCKED, NOTHING_TO_RESUME, RUN_CHANGED, QUOTA_EXCEEDED, NOT_DEPLOYED; Ended where not all is done
 */
export async function fleet(operation: Operation, slugs: readonly string[], options: FleetOptions): Promise<void> {
  checkUsage(slugs, options);
  const shops = slugs.length > 0 ? [...new Set(slugs)].map(findShop) : listShops(PROJECT_DIR);
  if (shops.length === 0) {
    throw new Failure("NO_SHOPS", 'no shop is a stack of its own yet: "wandstore shop create" makes one');
  }
  if (operation === "destroy" && options.yes !== true) {
    const name = shops.length === 1 ? shops[0]!.slug : `${shops.length} shops`;
    await confirmByName(name, `destroy deletes everything of ${name}, data included`);
  }
  const code = await interruptible(async (wish) => {
    const lost = new AbortController();
    const release = await lockFleet(options.stateDir, () => lost.abort());
    const signal = AbortSignal.any([wish, lost.signal]);
    try {
      return await withShopPlace(options, {}, async (place) => {
        const task = await taskOf(operation, shops, place.engine, options);
        if (operation === "up") {
          const taking = task.waves.flat().flatMap((stack) => task.shops.get(stack) ?? []);
          await checkQuotas(taking, place.accountOf);
        }
        return exitCodeOf(await runTask(task, place.engine, options, signal));
      });
    } finally {
      await release();
    }
  });
  if (code !== EXIT.OK) throw new Ended(code);
}

async function runTask(
  task: Task,
  engine: StackEngine,
  options: FleetOptions,
  signal: AbortSignal,
): Promise<FleetReport> {
  const { identity, waves, shops, resumed } = task;
  const { operation, image } = identity;
  const file = resumed?.file ?? newJournalFile(options.stateDir, operation, CLOCK.now());
  const journal = await (resumed ? JournalFile.append(file) : JournalFile.create(file));
  const count = waves.flat().length;
  const usualFailures = operation === "preview" ? PREVIEW_MAX_FAILURES : MAX_FAILURES;
  // A document wants stdout for itself.
  const progress = fleetProgressOn(options.json ? process.stderr : process.stdout, count, operation === "preview");
  let report: FleetReport;
  try {
    const at = CLOCK.now();
    const begin = { kind: "begin", version: 1, at, ...identity, waves: waves.map((wave) => [...wave]) } as const;
    await journal.write(resumed ? { kind: "resumed", at } : begin);
    report = await runFleet(
      {
        operation,
        waves,
        parallel: options.parallel ?? PARALLEL,
        maxFailures: toleratedOf(options.maxFailures ?? usualFailures, count),
        ...(image && { image: pinOf(image) }),
        // Here a bundle is made once in any case, and an image is pushed where the registry lacks it.
        shareImage: operation === "up" && engine.source === "pulumi",
        filesOf: (stack) => shopMark(PROJECT_DIR, shops.get(stack)!),
      },
      { engine, journal, clock: CLOCK, signal, onEvent: progress.onEvent, past: resumed?.past },
    );
  } finally {
    progress.end();
    await journal.close();
  }
  await tell(report, file, options.json);
  return report;
}

async function tell(report: FleetReport, journal: string, json: boolean): Promise<void> {
  const document = JSON.stringify({ ...report, counts: countStates(report), journal }, null, 2);
  const file = reportFileOf(journal);
  await writeFileAtomic(file, `${document}\n`, { mode: 0o600 });
  if (json) return say(document);
  say();
  for (const line of fleetLines(report)) say(line);
  say(`Report: ${file}`);
  if (!isComplete(report)) complain("Not every shop is done: put right what failed, and go on with --resume");
}

/** What the command ends with. */
function exitCodeOf(report: FleetReport): number {
  if (isComplete(report)) return EXIT.OK;
  if (report.stopped === undefined) return EXIT.PARTLY;
  return report.stopped.by === "signal" ? EXIT.INTERRUPTED : EXIT.FAILED;
}
