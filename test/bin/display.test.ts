import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { liveProgress } from "../../bin/display/live";
import { columns, outputLines, stepLines, summaryLine } from "../../bin/display/table";
import { plainProgress } from "../../bin/display/plain";
import { canRedraw, shortType } from "../../bin/display/style";
import { treeRows } from "../../bin/display/tree";
import type { Step } from "../../local/deploy";

// Ships ES modules only; it draws what moves, and here is looked at what stays.
jest.mock("log-update", () => ({
  createLogUpdate: () => Object.assign(() => undefined, { clear: () => undefined, done: () => undefined }),
}));

const step = (name: string, parent?: string, more: Partial<Step> = {}): Step => ({
  op: "create",
  urn: `urn:${name}`,
  type: "cloudflare:index/workersKv:WorkersKv",
  name,
  ...(parent === undefined ? {} : { parent: `urn:${parent}` }),
  ...more,
});
const summary = (counts: Partial<Record<Step["op"], number>>) => ({
  changeSummary: { create: 0, update: 0, replace: 0, delete: 0, same: 0, ...counts },
  steps: [],
  outputs: {},
  policy: [],
});

describe("the tree of resources", () => {
  it("puts children below their parents, however the steps came", () => {
    const rows = treeRows([step("stack"), step("b", "stack"), step("a1", "a"), step("a", "stack")]);
    expect(rows.map((row) => row.branch + row.step.name)).toEqual(["stack", "├─ b", "└─ a", "   └─ a1"]);
  });

  it("puts a step whose parent has none at the root", () => {
    expect(treeRows([step("alone", "unchanged")]).map((row) => row.branch)).toEqual([""]);
  });
});

describe("the table of steps", () => {
  it("says what changes and why something is replaced", () => {
    const lines = stepLines([
      step("kv", undefined, { op: "replace", diff: ["title", "a.b"], replaceReasons: ["title"] }),
    ]);
    expect(lines).toEqual([" +-  cloudflare:index:WorkersKv  kv  replace [diff: ~title,~a.b] because of title"]);
  });

  it("shortens types as Pulumi does", () => {
    expect(shortType("cloudflare:index/d1Database:D1Database")).toBe("cloudflare:index:D1Database");
    expect(shortType("wandstore:infra:EdgeStorage")).toBe("wandstore:infra:EdgeStorage");
  });

  it("lines its columns up", () => {
    expect(
      columns([
        ["a", "b"],
        ["long", "c"],
      ]).map((row) => row.join("")),
    ).toEqual(["a     b", "long  c"]);
  });

  it("gives a letter as much room as a terminal does, whatever it is made of", () => {
    const names = ["tea", "茶屋", "ｶﾌｪ", "Ｔ", "한글", "🍵", "👨‍👩‍👧", "☕", "cafe\u0301", "شاي"];
    const rooms = columns([["12345678", ""], ...names.map((name) => [name, ""])]).map(([cell = ""]) => cell);
    const spaces = rooms.slice(1).map((cell) => cell.length - cell.trimEnd().length);
    expect(spaces).toEqual([7, 6, 7, 8, 6, 8, 8, 8, 6, 7]);
  });
});

describe("the summary", () => {
  it("counts what would be done, or was done", () => {
    expect(summaryLine(summary({ create: 2, replace: 1, same: 5 }), true)).toBe(
      "2 to create, 1 to replace, 5 unchanged",
    );
    expect(summaryLine(summary({ update: 1 }), false)).toBe("1 updated");
    expect(summaryLine(summary({ same: 26 }), false)).toBe("no changes, 26 unchanged");
  });

  it("shows the parts of an output each on a line", () => {
    expect(outputLines({ urls: { one: "http://a", two: "http://b" }, level: 3 })).toEqual([
      "  urls.one  http://a",
      "  urls.two  http://b",
      "  level     3",
    ]);
  });
});

describe("progress in lines", () => {
  it("tells the beginning and the end of each step, and of a component only that it is there", () => {
    const lines: string[] = [];
    const { onEvent } = plainProgress((line) => lines.push(line));
    onEvent({ kind: "phase", phase: "apply" });
    onEvent({ kind: "started", step: step("kv") });
    onEvent({ kind: "done", step: step("kv"), ms: 1234 });
    onEvent({ kind: "done", step: step("group", undefined, { type: "a:b:Group" }), ms: 0 });
    onEvent({ kind: "failed", step: step("db"), ms: 100, message: "no" });
    expect(lines).toEqual([
      "Deploying …",
      " +  cloudflare:index:WorkersKv kv creating …",
      " +  cloudflare:index:WorkersKv kv created (1.2s)",
      " +  a:b:Group group created",
      " +  cloudflare:index:WorkersKv db failed (0.1s)",
    ]);
  });
});

describe("a tree on a terminal", () => {
  const terminal = () =>
    Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 5 }) as unknown as NodeJS.WriteStream &
      PassThrough;

  it("stays as a whole in the end, however low the terminal is", () => {
    const stream = terminal();
    const { onEvent, end } = liveProgress(stream, () => 0);
    const names = Array.from({ length: 12 }, (_, at) => `part-${at}.`);
    for (const name of names) {
      onEvent({ kind: "planned", step: step(name) });
      onEvent({ kind: "done", step: step(name), ms: 0 });
    }
    stream.read();
    end();
    const last = stripVTControlCharacters(String(stream.read()));
    for (const name of names) expect(last.split(name)).toHaveLength(2);
  });

  it("is none on a terminal that cannot move its cursor, nor in a pipe", () => {
    const former = process.env["TERM"];
    try {
      process.env["TERM"] = "xterm";
      expect([terminal(), Object.assign(terminal(), { isTTY: false })].map(canRedraw)).toEqual([true, false]);
      process.env["TERM"] = "dumb";
      expect(canRedraw(terminal())).toBe(false);
    } finally {
      if (former === undefined) delete process.env["TERM"];
      else process.env["TERM"] = former;
    }
  });
});
