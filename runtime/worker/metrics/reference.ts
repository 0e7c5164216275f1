import { RULES, type Rule } from "./alerts/rules";
import { DERIVED } from "./derived";
import { PREFIX } from "./exposition";
import { METRICS, type Metric } from "./names";

/** The reference of figures and alerts, in Markdown. */
export function metricsPage(): string {
  const stored = Object.entries<Metric>(METRICS).map(([name, { kind, labels, help }]) => row(name, kind, labels, help));
  const derived = Object.entries(DERIVED).map(([name, { labels, help }]) => row(name, "gauge", labels, help));
  const histograms = Object.entries<Metric>(METRICS).flatMap(([name, { buckets }]) =>
    buckets === undefined ? [] : [`- \`${PREFIX}${name}\`: ${buckets.join(", ")}`],
  );
  return `${[
    INTRODUCTION,
    table(["name", "kind", "labels", "what"], stored),
    WORKED_OUT,
    table(["name", "kind", "labels", "what"], derived),
    BUCKETS,
    histograms.join("\n"),
    ALERTS,
    table(["alert", "severity", "what", "when", "setting", "told after", "ends at", "least"], RULES.map(ruleRow)),
    NOTICES,
  ].join("\n\n")}\n`;
}

const INTRODUCTION = `# Figures and alerts

<!-- Generated from runtime/worker/metrics by \`npm run generate\`. -->

\`GET /metrics\` answers in Prometheus's text format, version 0.0.4, to whoever has the admin token (a stack's output \`adminToken\`);
for everybody else there is no such route. A scrape costs two requests to one Durable Object and wakes nothing else.

    curl -H "Authorization: Bearer $ADMIN_TOKEN" https://shop.example.com/metrics

\`\`\`yaml
scrape_configs:
  - job_name: wandstore
    scheme: https
    authorization: { credentials_file: /etc/prometheus/wandstore-token }
    static_configs: [{ targets: [shop.example.com] }]
\`\`\`

Figures are gathered for five seconds where they arise and then sent, so a scrape is that much behind. What an isolate holds when it
ends is lost: these are figures, not accounts. Counters never fall, and begin when the stack does. Buckets of a minute are kept for
seven days. \`GET /metrics/window?hours=168\` answers JSON with what counters came to in so many of
these hours (1 to 168), labels added up, and from when to when that is; [\`wandstore cost --measured\`](../guides/cost.md) reads it.
A metric that has more than 500 sets of labels adds the rest up with \`other\` in place of each label. No label, and no
figure, is of a shopper.`;

const WORKED_OUT = `## Worked out at a scrape

What Prometheus can work out of the rest, for whoever has none.`;

const BUCKETS = `## Buckets of the histograms

Upper bounds in seconds. A quantile is known to within the bucket it is in.`;

const ALERTS = `## Alerts

Judged every minute while there are figures, out of whole minutes; a stack that nobody visits is not judged, and one that has fewer
than the least samples in the window is not in trouble. An alert fires once it has held for its time, and ends once the value was
back beyond \`ends at\` for the same time (or there was nothing left to judge by). \`budget.monthlyUsd\` is compared with what models
cost; Cloudflare's own fees are estimated in the stack's output \`costEstimate\`.`;

const NOTICES = `## Notices

The secret \`alertWebhookUrl\` is posted a JSON document when an alert fires and another when it ends, each until an answer of 2xx: the
first retry after 30 s, then after twice the time up to 15 minutes, for a week. Each call has 10 s. The end of an alert is not told
before its beginning. An answer that is lost is asked for again, so a receiver may see a notice twice: with the same
\`Idempotency-Key\`. Redirects are not followed. Without the secret alerts are judged and logged (\`alert_firing\`, \`alert_resolved\`),
and in \`wandstore_alert_firing\`.

| field | what |
| --- | --- |
| \`version\` | 1; fields are only ever added |
| \`status\` | \`firing\` or \`resolved\` |
| \`text\` | all of it in one line, which Slack and receivers like it show |
| \`alert\`, \`severity\` | name; \`warning\` or \`critical\` |
| \`value\`, \`threshold\`, \`unit\` | what was found (null for too few samples), what is allowed, \`percent\`, \`seconds\` or \`USD\` |
| \`samples\`, \`window_seconds\` | out of how many, over which time |
| \`since\`, \`until\` | ISO 8601; \`until\` is null while it fires |
| \`reason\` | of an end: \`recovered\`, \`too_few_samples\` or \`switched_off\`; else null |
| \`runbook\` | an address under \`alerts.runbookUrl\`, else the page's path in this project |
| \`environment\`, \`build_id\` | the stack's environment, and the build of the Worker that judged |
| \`dedup_key\` | the same for beginning and end of one alert; with \`/firing\` or \`/resolved\` it is the header \`Idempotency-Key\` |`;

const row = (name: string, kind: string, labels: readonly string[], help: string): string[] => [
  `\`${PREFIX}${name}\``,
  kind,
  labels.length === 0 ? "none" : labels.map((label) => `\`${label}\``).join(", "),
  help,
];

function ruleRow({ name, severity, what, unit, side, setting, window, holds, end, least, of }: Rule): string[] {
  const sign = { percent: "%", seconds: "s", USD: "USD" }[unit];
  // The shape of the hysteresis, by an example: thresholds are the stack's.
  const ends = end(100) === 100 ? `${round(end(50) - 50)} points more` : `${round(end(100))} % of it`;
  return [
    `[${name}](../runbooks/${name}.md)`,
    severity,
    `${what}, over ${window % 60 === 0 ? `${window / 60} h` : `${window} min`}`,
    `${side} the setting, ${sign}`,
    `\`${setting}\``,
    `${holds} min`,
    ends,
    `${least} ${of}`,
  ];
}

const round = (value: number): number => Math.round(value * 100) / 100;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((line) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
