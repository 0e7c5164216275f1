import { z } from "zod";
import type { CostSettings, Traffic } from "../../infra/cost";
import { pageUsd } from "../../infra/cost/tokens";
import { Failure } from "../failure";

/** What `GET /metrics/window` answers. */
const WindowSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  sums: z.record(z.string(), z.number().nonnegative()),
});

/** What a stack served for some time, as an average day. */
export interface Measured {
  readonly traffic: Traffic;
  readonly modelUsdPerDay: number;
  /** The time it was measured in. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * An average day, out of what the figures of some time came to. Pages whose model has no known price count as the estimate has them.
 * @throws Failure NOT_MEASURED for an answer that is none, or that has counted nothing
 */
export function averageDay(stack: string, body: string, { llm }: Pick<CostSettings, "llm">): Measured {
  const answer = WindowSchema.safeParse(parsed(body));
  if (!answer.success)
    throw notMeasured(stack, "its Worker's answer is not what /metrics/window gives: deploy it again");
  const { from, to, sums } = answer.data;
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  const { pages_total: views = 0, generations_total: pages = 0 } = sums;
  if (!(hours > 0) || views + pages === 0) {
    throw notMeasured(
      stack,
      "nobody came in the last seven days: give the traffic by --views-per-day and --pages-per-day",
    );
  }
  const aDay = (sum: number): number => (sum / hours) * DAY_HOURS;
  const modelUsd = (sums["model_usd_total"] ?? 0) + (sums["model_unpriced_total"] ?? 0) * pageUsd(llm);
  return {
    traffic: { viewsPerDay: aDay(views), pagesPerDay: aDay(pages) },
    modelUsdPerDay: aDay(modelUsd),
    from,
    to,
    hours,
  };
}

export const notMeasured = (stack: string, why: string): Failure =>
  new Failure("NOT_MEASURED", `nothing is measured of stack "${stack}": ${why}`);

/** What a reader of a measured estimate has to be warned of. */
export function windowWarnings(stack: string, { hours }: Pick<Measured, "hours">): string[] {
  if (hours < 1) {
    const minutes = `${Math.round(hours * 60)} min`;
    return [`stack ${stack} was measured for ${minutes} only: a month made of less than an hour says little`];
  }
  if (hours >= DAY_HOURS) return [];
  return [`stack ${stack} was measured for ${Math.round(hours)} h: what differs between day and night is not in it`];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
