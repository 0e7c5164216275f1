import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env";
import { createLog } from "../log";
import { settingsOf } from "../settings";
import { Judge, judgeableAt } from "./alerts/judge";
import { Outbox } from "./alerts/outbox";
import type { FigureWindow, MetricsApi } from "./api";
import { derivedFrom } from "./derived";
import { exposition } from "./exposition";
import { FigureStore } from "./figures";
import { counterSums, type Counts, type Gauges } from "./series";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const PEAK_MINUTES = 5;

/** The stack's one Durable Object of figures: buckets of a minute for seven days, and the alerts that follow from them. */
export class Metrics extends DurableObject<Env> implements MetricsApi {
  readonly #figures: FigureStore;
  readonly #outbox: Outbox;
  readonly #judge: Judge;
  /** The end of the last turn: two at once could tell the same thing twice. */
  #turn: Promise<void> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    this.#figures = new FigureStore(sql);
    this.#outbox = new Outbox(sql);
    this.#judge = new Judge(sql, (from, to) => this.#figures.totals(from, to), this.#outbox);
  }

  async add(counts: Counts, gauges: Gauges = {}, at = Date.now()): Promise<void> {
    const minute = minuteOf(at);
    this.#figures.add(counts, gauges, minute);
    if (Object.keys(counts).length > 0)
      await this.#armBy(judgeableAt(Math.max(minute, this.#judge.judgedMinute() + 1)));
  }

  async totals(since: number): Promise<Counts> {
    return this.#figures.totals(minuteOf(since));
  }

  async window(hours: number, now: number): Promise<FigureWindow> {
    const asked = minuteOf(now) - hours * HOUR_MINUTES;
    const from = this.#figures.oldestMinute(asked);
    const sums = from === undefined ? {} : counterSums(this.#figures.totals(from));
    return {
      from: new Date(from === undefined ? now : from * MINUTE_MS).toISOString(),
      to: new Date(now).toISOString(),
      sums,
    };
  }

  async text(): Promise<string> {
    const minute = minuteOf(Date.now());
    const running = this.#figures.running();
    const derived = derivedFrom({
      running,
      lastHour: this.#figures.totals(minute - HOUR_MINUTES),
      highest: this.#figures.highest(minute - PEAK_MINUTES),
      alerts: this.#judge.states(),
      noticesWaiting: this.#outbox.waiting(),
    });
    return exposition(running, this.#figures.gauges(), derived);
  }

  judge(now: number): Promise<void> {
    this.#turn = this.#turn.then(() => this.#takeTurn(now));
    return this.#turn;
  }

  override async alarm(): Promise<void> {
    // Before anything else: whatever happens to this turn, there is a next one.
    await this.ctx.storage.setAlarm(Date.now() + MINUTE_MS);
    await this.judge(Date.now());
    const next = this.#nextAt();
    if (next === undefined) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(next, Date.now()));
  }

  /** Never throws, so that one turn that fails does not end all that follow. */
  async #takeTurn(now: number): Promise<void> {
    const log = createLog({});
    const { ALERT_WEBHOOK_URL: url = "", ENVIRONMENT: environment, BUILD_ID: buildId } = this.env;
    try {
      const thresholds = settingsOf(this.env).ALERT_RULES;
      this.#judge.judge(now, { thresholds, environment, buildId, hasReceiver: url !== "", log });
      if (url !== "") await this.#outbox.deliver(url, now, log);
    } catch (error) {
      log.error("alerts_not_judged", error);
    }
  }

  /** When there is something to do: a minute with figures, an alert that is on its way or fires, or a notice to send. */
  #nextAt(): number | undefined {
    const newest = this.#figures.newestMinute();
    const times = [
      newest > this.#judge.judgedMinute() ? judgeableAt(newest) : undefined,
      this.#judge.nextAt(),
      (this.env.ALERT_WEBHOOK_URL ?? "") === "" ? undefined : this.#outbox.nextAt(),
    ].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #armBy(time: number): Promise<void> {
    const at = Math.max(time, Date.now());
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);
