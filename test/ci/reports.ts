import type { Change } from "../../bin/ci/plan/change";
import type { Facts, Report } from "../../bin/ci/report/report";

/** Settings that nobody has to be warned of. */
export const CALM: Facts = {
  environment: "prod",
  debug: false,
  unsignedLinks: false,
  subdomain: false,
  protect: true,
  poolSize: 10,
  budgetUsd: 3000,
};

/** A preview in which nothing changes, with some of it otherwise. */
export const reportWith = (more: Partial<Report> = {}): Report => ({
  stack: "prod",
  source: "pulumi",
  changes: [],
  unchanged: 30,
  findings: [],
  errors: [],
  notes: [],
  facts: { before: CALM, after: CALM },
  ...more,
});

export const change = (op: Change["op"], type: string, name = "it", ...paths: string[]): Report["changes"][number] => ({
  op,
  type,
  name,
  changed: paths.map((path) => ({ path, replaces: op === "replace" })),
});

export const cost = (before: number | undefined, after: number): NonNullable<Report["cost"]> => ({
  ...(before !== undefined && { before }),
  after,
  parts: [{ part: "models", ...(before !== undefined && { before }), after }],
  assuming: { viewsPerDay: 10_000, pagesPerDay: 1_000, pricesAsOf: "2026-11-21" },
});
