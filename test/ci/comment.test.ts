import * as fc from "fast-check";
import { compose, LONGEST_COMMENT, MARKER } from "../../bin/ci/comment/compose";
import { driftText } from "../../bin/ci/comment/driftText";
import { code, prose } from "../../bin/ci/comment/markdown";
import { ReportSchema } from "../../bin/ci/report/report";
import { change, cost, reportWith } from "./reports";

/** Names as somebody would choose them who wants more than a name. */
const EVIL = [
  "@octocat please merge",
  "`code` ``` fence",
  "a | b | c",
  "<!-- wandstore:preview -->",
  "</details><script>alert(1)</script>",
  "[link](https://evil.example)",
  "![image](https://evil.example/x.png)",
  "line\n## heading\n- [ ] task",
  "closes #1, octo/repo#2, GH-3",
  "https://evil.example www.evil.example me@evil.example",
  "\u202eright to left\u2066",
  "**bold** ~~gone~~ _it_ $math$",
  ":tada:",
];
/** Markup outside of code spans that is none of ours. */
const UNESCAPED = /(?<!\\)[<>[\]*_`|~@#]/;
const withoutCode = (line: string): string => line.replace(/`[^`\n]*`/g, "");

describe("foreign words", () => {
  it.each(EVIL)("stay inside of a code span: %j", (name) => {
    expect(code(name)).toMatch(/^`[^`|\n\r]+`$/);
  });

  it.each(EVIL)("are escaped in a sentence: %j", (text) => {
    const line = prose(text);
    expect(line).not.toMatch(UNESCAPED);
    expect(line).not.toMatch(/[@#](?!\u200b)|:\/\/|www\.|gh-\d|\n|[\u202a-\u202e\u2066-\u2069]/i);
  });

  it("of any kind are one line without markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(code(text)).toMatch(/^(`[^`|\p{Cc}]+`|\(empty\))$/u);
        expect(prose(text)).not.toMatch(UNESCAPED);
        expect(prose(text)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe("the comment", () => {
  const evil = (name: string) =>
    reportWith({
      stack: name,
      changes: [
        { op: "replace", type: name, name, changed: [{ path: name, replaces: true, before: name, after: "x" }] },
      ],
      findings: [{ rule: name, level: "mandatory", resource: name, message: name }],
      errors: [name],
      notes: [name],
      cost: { ...cost(1, 2), parts: [{ part: name, before: 1, after: 2 }] },
    });

  it.each(EVIL)("has no markup of anybody else's: %j", (name) => {
    const [marker, ...lines] = compose([evil(name)], name)
      .trimEnd()
      .split("\n");
    expect(marker).toBe(MARKER);
    for (const line of lines) {
      const foreign = withoutCode(line)
        .replace(/^(### |## |> |- )/, "")
        .replace(/<\/?(details|summary|b)>/g, "")
        .replace(/\*\*[A-Za-z $\d.,]+\*\*/g, "");
      expect(line.startsWith("|") ? foreign.replaceAll("|", "") : foreign).not.toMatch(UNESCAPED);
    }
    const rows = lines.filter((line) => line.startsWith("|"));
    const columns = rows.map((row) => row.split("|").length - 2);
    expect(columns).toEqual([5, 5, 5, 4, 4, 4, 4]);
  });

  it("groups the changes and says what each is because of", () => {
    const text = compose([
      reportWith({
        changes: [
          change("create", "cloudflare:index/workersKv:WorkersKv", "catalogue-acme"),
          change("update", "wandstore:index:ContainerApplication", "pool-application", "maxInstances"),
          {
            ...change("replace", "cloudflare:index/d1Database:D1Database", "storage-db"),
            changed: [{ path: "name", replaces: true, before: "old", after: "new" }],
          },
        ],
        cost: cost(27.47, 31.2),
      }),
    ]);
    expect(text).toContain("| `prod` | 1 to replace, 1 to update, 1 to create | ✅ passed | 1 | $27.47 → $31.20 |");
    expect(text).toContain("- `D1Database` `storage-db` because of `name` `old` → `new`");
    expect(text).toContain("- **data loss** `storage-db`: is replaced: every row of this database is gone");
    expect(text).toContain("| Models | $27.47 | $31.20 | +$3.73 |");
    expect(text).toContain("10,000 pages shown and 1,000 made a day, list prices of 2026-11-21; budget $3,000.00.");
    expect(text.indexOf("**Replaced**")).toBeLessThan(text.indexOf("<b>Updated</b>"));
    expect(text.startsWith(`${MARKER}\n`)).toBe(true);
  });

  it("puts prod first and says of a stack without changes that there are none", () => {
    const text = compose([reportWith({ stack: "shop-a" }), reportWith({ stack: "staging" }), reportWith()]);
    expect([...text.matchAll(/^### `(.*)`$/gm)].map(([, stack]) => stack)).toEqual(["prod", "staging", "shop-a"]);
    expect(text).toContain("| `prod` | no change, 30 as they are | ✅ passed | 0 | unknown |");
  });

  it("says that nothing was previewed, rather than nothing", () => {
    expect(compose([])).toContain("No stack was previewed");
  });

  it("never says that a preview which failed has no change", () => {
    const text = compose([reportWith({ errors: ["no stack named prod found"], unchanged: 0 })]);
    expect(text).toContain("| `prod` | no plan | ❌ failed |");
  });

  it.each([
    [3, 400],
    [20, 200],
    [200, 20],
    [1500, 2],
  ])("of %d stacks with %d changes each is short enough, and says what was cut", (stacks, changes) => {
    const many = Array.from({ length: changes }, (_, at) =>
      change("update", "a:b:C", `resource-${at}`, "some.property"),
    );
    const reports = Array.from({ length: stacks }, (_, at) => reportWith({ stack: `shop-${at}`, changes: many }));
    const text = compose(reports);
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text).toMatch(/more, in the job's log|too long for a comment|^### `shop-/m);
    expect(text.startsWith(MARKER)).toBe(true);
  });

  it("takes no report that has more in it than a report", () => {
    expect(ReportSchema.safeParse(reportWith()).success).toBe(true);
    expect(ReportSchema.safeParse({ ...reportWith(), html: "<b>" }).success).toBe(false);
  });
});

it("an issue of drift names both values and what puts it right", () => {
  const text = driftText({
    stack: "prod",
    drifted: true,
    remedy: "pulumi up --refresh -s prod",
    compared: 20,
    resources: [
      {
        type: "wandstore:index:ContainerApplication",
        name: "pool-application",
        what: "changed",
        properties: [{ path: "maxInstances", state: 10, cloud: "@team 7" }],
      },
    ],
    strays: [{ what: "KV namespace", name: "wandstore-prod-old", id: "1" }],
    notes: [],
  });
  expect(text).toContain("- `pool-application` (`ContainerApplication`) was changed");
  expect(text).toContain("  - `maxInstances`: `10` in the state, `@team 7` in the cloud");
  expect(text).toContain("- KV namespace `wandstore-prod-old`");
  expect(text).toContain("`pulumi up --refresh -s prod`");
  expect(text.startsWith("<!-- wandstore:drift prod -->\n")).toBe(true);
});
