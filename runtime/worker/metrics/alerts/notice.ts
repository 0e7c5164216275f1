import type { Rule } from "./rules";
import type { EndReason } from "./step";

/** What a receiver of alerts is posted: JSON of this shape, which only ever gains fields (docs/reference/metrics.md). */
export interface Notice {
  version: 1;
  status: "firing" | "resolved";
  /** One sentence or two, for receivers that show a text (Slack and its like). */
  text: string;
  alert: string;
  severity: Rule["severity"];
  /** What the rule found; null when there were too few samples at the end. */
  value: number | null;
  threshold: number | null;
  unit: Rule["unit"];
  samples: number;
  window_seconds: number;
  /** ISO 8601. Since when it has held, and until when it did. */
  since: string;
  until: string | null;
  /** Why it ended. */
  reason: EndReason | null;
  runbook: string;
  environment: string;
  /** Build id of the Worker that judged. */
  build_id: string;
  /** The same for the beginning and the end of one alert. */
  dedup_key: string;
}

export interface About {
  readonly rule: Rule;
  readonly threshold: number | undefined;
  readonly value: number | null;
  readonly samples: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly end?: { readonly at: number; readonly reason: EndReason };
  readonly runbookUrl: string | undefined;
  readonly environment: string;
  readonly buildId: string;
}

export function noticeOf(about: About): Notice {
  const { rule, threshold, value, samples, since, end, environment } = about;
  const status = end === undefined ? "firing" : "resolved";
  const runbook = runbookOf(rule.name, about.runbookUrl);
  return {
    version: 1,
    status,
    text: `[${status}] ${rule.name} (${rule.severity}, ${environment}): ${sentence(about)} Runbook: ${runbook}`,
    alert: rule.name,
    severity: rule.severity,
    value: value === null ? null : round(value),
    threshold: threshold ?? null,
    unit: rule.unit,
    samples,
    window_seconds: rule.window * 60,
    since: new Date(since).toISOString(),
    until: end === undefined ? null : new Date(end.at).toISOString(),
    reason: end?.reason ?? null,
    runbook,
    environment,
    build_id: about.buildId,
    dedup_key: `wandstore/${environment}/${rule.name}/${since / 1000}`,
  };
}

/**
 * Where an alert's runbook is. An address that ends in `/` gets the alert's name after it, any other `#` and the name;
 * without one it is the page's path in this project.
 */
export function runbookOf(alert: string, base: string | undefined): string {
  if (base === undefined) return `docs/runbooks/${alert}.md`;
  return base.endsWith("/") ? `${base}${alert}` : `${base.replace(/#$/, "")}#${alert}`;
}

const UNITS: Readonly<Record<Rule["unit"], string>> = { percent: " %", seconds: " s", USD: " USD" };

function sentence({ rule, threshold, value, samples, end }: About): string {
  const figure = (one: number): string => `${round(one)}${UNITS[rule.unit]}`;
  const last = rule.window % 60 === 0 ? `${rule.window / 60} h` : `${rule.window} min`;
  if (end?.reason === "switched_off") return "the stack no longer asks for it.";
  if (value === null) return `fewer than ${rule.least} ${rule.of} in the last ${last} to judge by.`;
  const limit = threshold === undefined ? "" : ` (alert ${rule.side} ${figure(threshold)})`;
  return `${rule.what}: ${figure(value)}${limit}, ${samples} ${rule.of} in the last ${last}.`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
