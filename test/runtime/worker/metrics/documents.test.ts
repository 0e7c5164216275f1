import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { settingsShape, type Shape } from "../../../../infra/config/shape";
import { RULES } from "../../../../runtime/worker/metrics/alerts/rules";
import { DERIVED } from "../../../../runtime/worker/metrics/derived";
import { METRICS, type Metric } from "../../../../runtime/worker/metrics/names";
import { metricsPage } from "../../../../runtime/worker/metrics/reference";

const ROOT = path.resolve(__dirname, "../../../..");
const RUNBOOKS = "docs/runbooks";
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const books = readdirSync(path.join(ROOT, RUNBOOKS)).map((file) => [file, read(`${RUNBOOKS}/${file}`)] as const);

test("docs/reference/metrics.md is what `npm run generate` writes", () => {
  expect(read("docs/reference/metrics.md")).toBe(metricsPage());
});

describe("the table of metrics", () => {
  test.each(Object.entries<Metric>(METRICS))(
    "%s is named and told as Prometheus has it",
    (name, { kind, help, labels, buckets }) => {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(name.endsWith("_total")).toBe(kind === "counter");
      expect(help).toMatch(/^[A-Z0-9].*\.$/);
      for (const label of labels) {
        expect(label).toMatch(/^[a-z][a-z_]*$/);
        expect(label).not.toMatch(/shopper|subject|email|url|^le$/);
      }
      expect(buckets !== undefined).toBe(kind === "histogram");
      expect(buckets?.toSorted((a, b) => a - b)).toEqual(buckets);
    },
  );

  test("has no name twice, the parts of histograms included", () => {
    const parts = Object.entries<Metric>(METRICS).flatMap(([name, { kind }]) =>
      kind === "histogram" ? [name, `${name}_sum`, `${name}_count`, `${name}_bucket`] : [name],
    );
    const names = [...parts, ...Object.keys(DERIVED)];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the runbooks", () => {
  test("are one for each alert, with what to look at and what to do, and one to begin with", () => {
    expect(books.map(([file]) => file).toSorted()).toEqual(
      [...RULES.map(({ name }) => `${name}.md`), "README.md"].toSorted(),
    );
    for (const { name } of RULES) {
      const text = read(`${RUNBOOKS}/${name}.md`);
      expect(text).toMatch(new RegExp(`^# ${name}\n`));
      expect(text).toContain("## What to look at");
      expect(text).toContain("## What to do");
      // An address that is this page's own leads to a heading of the alert's name.
      expect(read(`${RUNBOOKS}/README.md`)).toMatch(new RegExp(`^## ${name}$`, "m"));
    }
  });

  test.each(books)("%s names settings that there are", (_, text) => {
    const settings = new Set(paths(settingsShape()));
    const groups = Object.keys(settingsShape().properties ?? {}).join("|");
    const named = [...text.matchAll(new RegExp(`\\b(?:wandstore:)?((?:${groups})\\.[a-z]\\w+(?:\\.\\w+)*)`, "g"))].map(
      ([, name = ""]) => name,
    );
    expect(named.filter((name) => !settings.has(name) && !/\.(md|example)/.test(name))).toEqual([]);
  });

  test.each(books)("%s names metrics that there are", (_, text) => {
    const known = Object.keys({ ...METRICS, ...DERIVED });
    const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside = ""]) => inside);
    const named = code.flatMap((inside) => /^([a-z]+_[a-z_]+)(?:\{|$)/.exec(inside)?.[1] ?? []);
    const others = new Set(["build_id"]);
    expect(named.filter((name) => !known.includes(name) && !others.has(name))).toEqual([]);
    const greps = [...text.matchAll(/grep (?:-E )?'?([\w|()]+)'?/g)].map(
      ([, pattern = ""]) => new RegExp(pattern.replaceAll("_(sum|count)", "")),
    );
    for (const pattern of greps) expect(known.some((name) => pattern.test(name))).toBe(true);
  });

  test("give commands that the command line has, with options that they take", () => {
    const commands = books.flatMap(([, text]) =>
      [...text.matchAll(/npm run -s wandstore -- ([^`\n]+)/g)].map(([, rest = ""]) => rest.trim().split(/\s+/)),
    );
    expect(commands.length).toBeGreaterThan(5);
    const help = new Map<string, string>();
    for (const words of commands) {
      const command = words.slice(
        0,
        words.findIndex((word) => word.startsWith("-")),
      );
      const key = command.join(" ");
      if (!help.has(key)) {
        help.set(
          key,
          execFileSync(process.execPath, ["bin/wandstore.js", ...command, "--help"], { cwd: ROOT, encoding: "utf8" }),
        );
      }
      const [usage = ""] = help.get(key)!.split("\n");
      expect(usage).toContain(`wandstore ${key}`);
      for (const option of words.filter((word) => word.startsWith("-"))) expect(help.get(key)).toContain(option);
    }
  });

  test("lead to routes that there are", () => {
    const routes = read("docs/reference/routes.md");
    const named = books.flatMap(([, text]) => [...text.matchAll(/\$SHOP(\/[\w/-]+)/g)].map(([, route = ""]) => route));
    for (const route of new Set(named)) expect(routes).toContain(route.replace(/pool-0/, "{member}"));
    expect(existsSync(path.join(ROOT, "runtime/worker/routes/metrics.ts"))).toBe(true);
  });
});

function paths({ properties = {} }: Shape, at = ""): string[] {
  return Object.entries(properties).flatMap(([key, shape]) => [`${at}${key}`, ...paths(shape, `${at}${key}.`)]);
}
