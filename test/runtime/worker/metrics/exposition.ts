/** One sample of a scrape. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Scrape {
  samples: Sample[];
  types: Map<string, string>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;
const VALUE = /^(?:[+-]?Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/**
 * Reads Prometheus's text format 0.0.4 strictly: the grammar of lines, HELP and TYPE once and before the samples, all lines of
 * a metric together, no sample twice, and what a histogram has to have. Throws on the first breach.
 */
export function parseExposition(text: string): Scrape {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const scrape: Scrape = { samples: [], types: new Map() };
  const helped = new Set<string>();
  const closed = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name = "", rest = ""] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line) ?? [];
    const of = kind === undefined ? familyOf(line, scrape.types) : name;
    if (of !== current) {
      if (closed.has(of)) throw new Error(`lines of ${of} are apart`);
      closed.add(current);
      current = of;
    }
    if (kind === "HELP") {
      if (helped.has(name)) throw new Error(`two HELPs of ${name}`);
      helped.add(name);
      if (rest.replace(/\\[\\n]/g, "").includes("\\")) throw new Error(`a bad escape in ${line}`);
    } else if (kind === "TYPE") {
      if (scrape.types.has(name)) throw new Error(`two TYPEs of ${name}`);
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`no type: ${line}`);
      scrape.types.set(name, rest);
    } else {
      if (!scrape.types.has(of)) throw new Error(`a sample before its TYPE: ${line}`);
      scrape.samples.push(sampleOf(line));
    }
  }
  const lines = scrape.samples.map(({ name, labels }) => name + JSON.stringify(Object.entries(labels).toSorted()));
  if (new Set(lines).size !== lines.length) throw new Error("a sample is there twice");
  for (const [name, type] of scrape.types) if (type === "histogram") checkHistogram(name, scrape.samples);
  return scrape;
}

/** The value of the one sample of a name with these labels; undefined when there is none. */
export function valueIn({ samples }: Scrape, name: string, labels: Record<string, string> = {}): number | undefined {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found.length > 1) throw new Error(`${found.length} samples of ${name} have these labels`);
  return found[0]?.value;
}

function familyOf(line: string, types: Map<string, string>): string {
  const name = new RegExp(`^${NAME}`).exec(line)?.[0] ?? "";
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return types.get(base) === "histogram" ? base : name;
}

function sampleOf(line: string): Sample {
  const [, name = "", set = "", value = ""] = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`).exec(line) ?? [];
  if (name === "" || !VALUE.test(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < set.length) {
    const found = LABEL.exec(set);
    if (found === null || Object.hasOwn(labels, found[1]!)) throw new Error(`bad labels: ${line}`);
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
    if (LABEL.lastIndex === 0) break;
  }
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function checkHistogram(name: string, samples: Sample[]): void {
  for (const { labels, value: count } of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) =>
        sample.name === `${name}_bucket` && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    );
    const bounds = buckets.map(({ labels: { le = "" } }) => Number(le.replace("Inf", "Infinity")));
    const isRising = (values: number[]): boolean => values.every((value, at) => at === 0 || values[at - 1]! <= value);
    if (bounds.at(-1) !== Infinity || !isRising(bounds)) throw new Error(`bounds of ${name}: ${bounds.join(" ")}`);
    const values = buckets.map(({ value }) => value);
    if (!isRising(values) || values.at(-1) !== count) throw new Error(`buckets of ${name}: ${values.join(" ")}`);
    if (!samples.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no sum`);
  }
}
