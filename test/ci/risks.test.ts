import type { Report } from "../../bin/ci/report/report";
import { risksOf } from "../../bin/ci/report/risks";
import { CALM, change, cost, reportWith } from "./reports";

const told = (report: Partial<Report>): string[] =>
  risksOf(reportWith(report)).map(({ kind, says }) => `${kind}: ${says}`);

const KV = "cloudflare:index/workersKvNamespace:WorkersKvNamespace";
const D1 = "cloudflare:index/d1Database:D1Database";
const R2 = "cloudflare:index/r2Bucket:R2Bucket";
const WORKER = "cloudflare:index/worker:Worker";
const VERSION = "wandstore:index:WorkerVersion";
const DOMAIN = "cloudflare:index/workersCustomDomain:WorkersCustomDomain";
const POOL = "wandstore:index:ContainerApplication";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const MIGRATIONS = "wandstore:index:D1Migrations";

describe("a change that is told as a risk", () => {
  it.each<[string, Report["changes"][number], string[]]>([
    ["KV deleted", change("delete", KV), ["data loss"]],
    ["KV replaced", change("replace", KV, "it", "title"), ["data loss"]],
    ["D1 replaced", change("replace", D1), ["data loss"]],
    ["R2 deleted", change("delete", R2), ["data loss"]],
    ["the Worker replaced, with its Durable Objects", change("replace", WORKER), ["data loss", "downtime"]],
    ["a secret made anew", change("replace", PASSWORD), ["data loss"]],
    ["the export before deletions taken away", change("delete", "wandstore:index:DataExport"), ["data loss"]],
    ["a Durable Object class added", change("replace", VERSION, "it", "migrations[2]"), ["irreversible"]],
    [
      "a Durable Object class removed",
      change("replace", VERSION, "it", "migrations[2].deletedClasses[0]"),
      ["data loss", "irreversible"],
    ],
    ["the host name replaced", change("replace", DOMAIN), ["downtime"]],
    ["the host name pointed elsewhere", change("update", DOMAIN, "it", "service"), ["downtime"]],
    ["the pool replaced", change("replace", POOL), ["downtime"]],
    ["the Worker renamed", change("update", WORKER, "it", "name"), ["downtime"]],
    ["the schema moved on", change("update", MIGRATIONS, "it", "migrations[2]"), ["irreversible"]],
  ])("%s", (_, one, kinds) => {
    expect(risksOf(reportWith({ changes: [one] })).map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each<[string, Report["changes"][number]]>([
    ["KV created", change("create", KV)],
    ["KV renamed in place", change("update", KV, "it", "title")],
    ["the Worker's sampling changed", change("update", WORKER, "it", "observability.headSamplingRate")],
    ["a new version of the code", change("replace", VERSION, "it", "modules[0].sha256", "bindings[2].text")],
    ["a host name added", change("create", DOMAIN)],
    ["another image in the pool", change("update", POOL, "it", "image")],
    ["the schema of a new stack", change("create", MIGRATIONS)],
    ["a secret of a new stack", change("create", PASSWORD)],
  ])("and a near miss that is none: %s", (_, one) => {
    expect(told({ changes: [one] })).toEqual([]);
  });

  it("names a secret that the Worker no longer gets", () => {
    const changed = [{ path: "secrets.KIMI_API_KEY", replaces: true, before: "[secret]" }];
    const gone = { ...change("replace", VERSION), changed };
    expect(risksOf(reportWith({ changes: [gone] }))).toMatchObject([
      { kind: "data loss", subject: "secrets.KIMI_API_KEY" },
    ]);
    const rotated = { ...gone, changed: [{ ...changed[0]!, after: "[secret]" }] };
    expect(told({ changes: [rotated] })).toEqual([]);
  });
});

describe("a setting that is told as a risk", () => {
  it.each([
    [{ environment: "dev" }, "security"],
    [{ debug: true }, "security"],
    [{ unsignedLinks: true }, "security"],
    [{ subdomain: true }, "security"],
    [{ protect: false }, "data loss"],
    [{ poolSize: 5 }, "downtime"],
  ])("%j", (more, kind) => {
    const facts = { before: CALM, after: { ...CALM, ...more } };
    expect(risksOf(reportWith({ facts })).map((risk) => risk.kind)).toEqual([kind]);
    // It was so before, or it is taken back: nothing to warn of.
    expect(told({ facts: { before: facts.after, after: facts.after } })).toEqual([]);
    expect(told({ facts: { before: facts.after, after: facts.before } })).toEqual([]);
  });

  it("is one in a new stack, too", () => {
    expect(told({ facts: { after: { ...CALM, debug: true } } })).toHaveLength(1);
  });

  it("is a host name that the shop leaves, not one that it gets", () => {
    const [one, other] = [
      { ...CALM, domain: "shop.example.com" },
      { ...CALM, domain: "new.example.com" },
    ];
    expect(told({ facts: { before: one, after: other } })).toHaveLength(1);
    expect(told({ facts: { before: one, after: CALM } })).toHaveLength(1);
    expect(told({ facts: { before: CALM, after: one } })).toEqual([]);
  });
});

describe("the cost", () => {
  it.each([
    [100, 120, []],
    [100, 120.01, ["cost: the stack costs 20 % more than before"]],
    [100, 250, ["cost: the stack costs 150 % more than before"]],
    [250, 100, []],
    [undefined, 100, []],
    [2900, 3000.01, ["cost: the estimate is above the budget of $3000 a month"]],
    [2900, 3000, []],
  ])("from %j to %j is told as %j", (before, after, lines) => {
    expect(told({ cost: cost(before, after) })).toEqual(lines);
  });
});

it("the worst comes first", () => {
  const changes = [change("update", MIGRATIONS, "it", "x"), change("replace", POOL), change("delete", KV)];
  const kinds = risksOf(reportWith({ changes, cost: cost(1, 9) })).map(({ kind }) => kind);
  expect(kinds).toEqual(["data loss", "downtime", "irreversible", "cost"]);
});
