import pMap from "p-map";
import type { ImagePin, StackChange, StackEngine, StackOutputs } from "../engine";
import { imageIn } from "../outputs";
import { checkPromoted } from "../promote";
import type { OnFleetEvent } from "./events";
import type { Journal } from "./journal";
import { codeOf, messageOf } from "./messages";
import type { Past } from "./past";
import type { Operation, Trouble } from "./records";
import { isComplete, type FleetReport, type ShopReport } from "./report";
import { type Clock, PATIENCE, type Patience, verifyShop } from "./verify";

export interface FleetPlan {
  readonly operation: Operation;
  /** Stacks in the order of their turns; each is in one wave. */
  readonly waves: readonly (readonly string[])[];
  /** How many are under way at once. */
  readonly parallel: number;
  /** So many may fail before no other is begun. */
  readonly maxFailures: number;
  /** What all shops get. */
  readonly image?: ImagePin | undefined;
  /** The first shop goes alone, and the others get the image that it built. */
  readonly shareImage?: boolean;
  /** A mark of a shop's own files: one that was done with other files is done anew when the run is resumed. */
  readonly filesOf: (stack: string) => string;
  readonly patience?: Patience;
}

export interface FleetTools {
  readonly engine: StackEngine;
  readonly journal: Journal;
  readonly clock: Clock;
  /** The wish to stop: what is under way ends, nothing is begun, nobody is waited for. */
  readonly signal: AbortSignal;
  readonly onEvent: OnFleetEvent;
  /** What a run that is resumed has reached. */
  readonly past?: Past | undefined;
}

/** Deployed, and what has to be asked of it. */
interface Deployed {
  readonly ms: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly outputs: StackOutputs | undefined;
}

/**
 * Does one operation on many shops, wave by wave. A wave begins when every shop of the one before has answered with its new
 * build. Ends when all is done, when too many failed, or when it is told to stop; whatever was begun is ended first, and every
 * shop is in exactly one state then. Each step is in the journal before the next is taken.
 *
 * @throws whatever the journal throws: what cannot be noted is not done
 */
export async function runFleet(plan: FleetPlan, tools: FleetTools): Promise<FleetReport> {
  return new FleetRun(plan, tools).run();
}

class FleetRun {
  readonly #shops = new Map<string, ShopReport>();
  readonly #deployed = new Map<string, Deployed>();
  #image: ImagePin | undefined;
  /** What the first shop answered with, where nobody knows what the image calls itself: all others have to answer the same. */
  #build: string | undefined;
  #failures = 0;
  #stopped: FleetReport["stopped"];
  /** What the journal threw. */
  #broken: { error: unknown } | undefined;

  constructor(
    private readonly plan: FleetPlan,
    private readonly tools: FleetTools,
  ) {
    this.#image = plan.image;
  }

  async run(): Promise<FleetReport> {
    const { operation, waves, parallel } = this.plan;
    const { clock, onEvent } = this.tools;
    const began = clock.now();
    waves.forEach((stacks, at) => {
      for (const stack of stacks) this.#shops.set(stack, { stack, wave: at + 1, state: "not started" });
    });
    for (const [at, stacks] of waves.entries()) {
      if (await this.#isStopping()) break;
      onEvent({ kind: "wave", number: at + 1, of: waves.length, stacks });
      await this.#deployWave(stacks);
      await pMap(stacks, (stack) => this.#verify(stack), { concurrency: parallel });
      await this.#judge(at + 1, stacks);
    }
    if (this.#broken !== undefined) throw this.#broken.error;
    const shops = [...this.#shops.values()];
    await this.tools.journal.write({ kind: "ended", at: clock.now(), ok: isComplete({ shops }) });
    const image = this.#image;
    const stopped = this.#stopped;
    return { operation, shops, waves: waves.length, ms: clock.now() - began, image, stopped };
  }

  async #deployWave(stacks: readonly string[]): Promise<void> {
    const left = [...stacks];
    while (this.plan.shareImage === true && this.#image === undefined && left.length > 0) {
      await this.#deploy(left.shift()!);
    }
    await pMap(left, (stack) => this.#deploy(stack), { concurrency: this.plan.parallel });
  }

  async #deploy(stack: string): Promise<void> {
    const { tools, plan } = this;
    const { clock, onEvent } = tools;
    const files = plan.filesOf(stack);
    if (this.#isDoneBefore(stack, files) || (await this.#isStopping())) return;
    const began = clock.now();
    if (!(await this.#note({ kind: "started", at: began, stack, files }))) return;
    onEvent({ kind: "started", stack });
    try {
      const { summary, outputs } = await this.#operate(stack);
      const ms = clock.now() - began;
      if (await this.#note({ kind: "deployed", at: clock.now(), stack, ms, summary, ...(outputs && { outputs }) })) {
        onEvent({ kind: "deployed", stack, ms });
      }
      this.#reached(stack, { ms, summary, outputs });
    } catch (error) {
      const code = codeOf(error);
      const message = messageOf(error);
      await this.#fail(stack, clock.now() - began, { stage: "deploy", message, ...(code && { code }) });
    }
  }

  async #operate(stack: string): Promise<StackChange> {
    const { tools, plan } = this;
    const image = this.#image;
    const change = await tools.engine[plan.operation](stack, {
      signal: new AbortController().signal, // what was begun is ended
      image,
      onProgress: (text) => tools.onEvent({ kind: "progress", stack, text }),
    });
    if (plan.operation !== "up") return change;
    if (change.outputs === undefined) throw new Error("it tells nothing of itself after its deployment");
    checkPromoted(stack, change.outputs, image);
    return change;
  }

  /** Whether the run that is resumed had deployed it, with the files that it has now. */
  #isDoneBefore(stack: string, files: string): boolean {
    const reached = this.tools.past?.reached.get(stack);
    if (reached === undefined || reached.files !== files) return false;
    const { ms, summary, outputs } = reached.deployed;
    this.#reached(stack, { ms, summary, outputs });
    if (reached.verified) {
      this.#build ??= reached.build;
      this.#end(stack, { state: "done before", build: reached.build });
    }
    return true;
  }

  #reached(stack: string, deployed: Deployed): void {
    this.#deployed.set(stack, deployed);
    const { ms, summary, outputs } = deployed;
    this.#shops.set(stack, { ...this.#shops.get(stack)!, state: "not verified", ms, summary });
    if (outputs?.defaultStorefront) this.#add(stack, { address: outputs.defaultStorefront });
    if (this.plan.shareImage === true) this.#image ??= imageIn(outputs);
  }

  /** Waits until a shop that was deployed answers as it should. Where nothing changed there is nothing to wait for. */
  async #verify(stack: string): Promise<void> {
    const { engine, clock, signal, onEvent } = this.tools;
    const deployed = this.#deployed.get(stack);
    if (deployed === undefined || this.#shops.get(stack)!.state !== "not verified") return;
    const { outputs, summary, ms } = deployed;
    let build = outputs?.generatorBuildId ?? this.#image?.buildId ?? this.#build;
    if (this.plan.operation === "up" && outputs !== undefined && hasChanges(summary)) {
      onEvent({ kind: "verifying", stack });
      const wanted = { stack, outputs, build };
      const verdict = await verifyShop(engine, wanted, clock, signal, this.plan.patience ?? PATIENCE);
      if (!verdict.ok && verdict.interrupted) return this.#end(stack, { state: "not verified" });
      if (!verdict.ok) return this.#fail(stack, ms, { stage: "verify", code: "NOT_HEALTHY", message: verdict.why });
      build = verdict.build;
      this.#build ??= build;
    }
    const noted = await this.#note({ kind: "verified", at: clock.now(), stack, build });
    this.#end(stack, { state: noted ? "done" : "not verified", build });
  }

  async #fail(stack: string, ms: number, trouble: Trouble): Promise<void> {
    this.#failures += 1;
    await this.#note({ kind: "failed", at: this.tools.clock.now(), stack, ms, trouble });
    this.#end(stack, { state: "failed", ms, error: trouble });
    const { maxFailures } = this.plan;
    if (this.#failures > maxFailures) {
      await this.#stop("failures", `${countOf(this.#failures)} failed, and ${maxFailures} may (--max-failures)`);
    }
  }

  /** Whether the next wave may begin. */
  async #judge(number: number, stacks: readonly string[]): Promise<void> {
    const shops = stacks.map((stack) => this.#shops.get(stack)!);
    const failed = shops.filter(({ state }) => state === "failed");
    const silent = failed.filter(({ error }) => error?.stage === "verify").map(({ stack }) => stack);
    if (silent.length > 0) {
      await this.#stop("failures", `wave ${number} does not answer with the new build: ${silent.join(", ")}`);
    } else if (failed.length > 0 && !shops.some(({ state }) => state === "done" || state === "done before")) {
      await this.#stop("failures", `no shop of wave ${number} was deployed`);
    }
  }

  async #isStopping(): Promise<boolean> {
    if (this.tools.signal.aborted) await this.#stop("signal", "it was told to stop");
    return this.#stopped !== undefined || this.#broken !== undefined;
  }

  async #stop(by: "failures" | "signal", why: string): Promise<void> {
    if (this.#stopped !== undefined) return;
    this.#stopped = { by, why };
    this.tools.onEvent({ kind: "stopping", why });
    await this.#note({ kind: "stopped", at: this.tools.clock.now(), why });
  }

  /** Writes into the journal; false where that cannot be done, which ends the run. */
  async #note(record: Parameters<Journal["write"]>[0]): Promise<boolean> {
    try {
      await this.tools.journal.write(record);
      return true;
    } catch (error) {
      this.#broken ??= { error };
      return false;
    }
  }

  #add(stack: string, more: Partial<ShopReport>): void {
    this.#shops.set(stack, { ...this.#shops.get(stack)!, ...more });
  }

  #end(stack: string, more: Partial<ShopReport>): void {
    this.#add(stack, more);
    this.tools.onEvent({ kind: "ended", shop: this.#shops.get(stack)! });
  }
}

const hasChanges = (summary: Readonly<Record<string, number>>): boolean =>
  Object.entries(summary).some(([what, count]) => what !== "same" && count > 0);

const countOf = (failures: number): string => (failures === 1 ? "1 shop" : `${failures} shops`);
