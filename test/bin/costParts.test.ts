import { stacksCsv, scenariosCsv } from "../../bin/cost/csv";
import { givenTraffic, refuseTraffic } from "../../bin/cost/traffic";
import { averageDay, windowWarnings } from "../../bin/cost/window";
import { costLines, fleetLines, settingsLine, trafficLine } from "../../bin/display/cost";
import { report } from "../../bin/failure";
import { parse } from "csv-parse/sync";
import { estimateCost, estimateFleet } from "../../infra/cost";
import { scenarioCosts } from "../../infra/cost/scenarios";
import { KIMI, settingsWith } from "../infra/cost/settings";

const settings = settingsWith({ llm: { providers: KIMI } });
const codeAndText = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    const { code, message } = report(error);
    return `${code} ${message}`;
  }
  return "nothing was thrown";
};

describe("traffic by options", () => {
  const given = (more: object) => givenTraffic({ measured: false, ...more });

  test.each([
    [{}, "assumed", 10_000, 1_000],
    [{ viewsPerDay: "0", pagesPerDay: "0" }, "given", 0, 0],
    [{ viewsPerDay: "1000000000" }, "given", 1_000_000_000, 100_000_000],
    [{ newShoppers: "7" }, "given", 70, 7],
    [{ newShoppers: "7", refresh: "hourly" }, "given", 70, 21],
    [{ newShoppers: "7", refresh: "hourly", activeHours: "24" }, "given", 168, 168],
  ])("%j", (options, source, viewsPerDay, pagesPerDay) => {
    expect(given(options)).toEqual({ source, traffic: { viewsPerDay, pagesPerDay } });
  });

  test("that is to be measured is not known yet", () => {
    expect(givenTraffic({ measured: true })).toBeUndefined();
  });

  test.each([
    [{ viewsPerDay: "-1" }, /^BAD_TRAFFIC --views-per-day is a whole number from 0 to 1,000,000,000; found "-1"$/],
    [{ viewsPerDay: "1.5" }, /^BAD_TRAFFIC .*found "1\.5"$/],
    [{ pagesPerDay: "" }, /^BAD_TRAFFIC --pages-per-day .*found ""$/],
    [{ pagesPerDay: "NaN" }, /^BAD_TRAFFIC .*found "NaN"$/],
    [{ newShoppers: "1000000001" }, /^BAD_TRAFFIC --new-shoppers .*found "1000000001"$/],
    [{ newShoppers: "9".repeat(400) }, /^BAD_TRAFFIC .{0,160}$/],
    [
      { newShoppers: "1", refresh: "hourly", activeHours: "0" },
      /^BAD_TRAFFIC --active-hours .* from 1 to 24; found "0"$/,
    ],
    [{ newShoppers: "1", activeHours: "3" }, /^USAGE .*--active-hours needs --refresh hourly/],
    [{ newShoppers: "1", viewsPerDay: "1" }, /^USAGE .*--new-shoppers stands for/],
    [{ refresh: "daily" }, /^USAGE .*--refresh needs --new-shoppers/],
    [{ measured: true, pagesPerDay: "1" }, /^USAGE .*--measured says the traffic itself/],
  ])("%j is refused with what was found and what is allowed", (options, message) => {
    expect(codeAndText(() => given(options))).toMatch(message);
  });

  test("scenarios take none", () => {
    expect(codeAndText(() => refuseTraffic({ measured: false }))).toBe("nothing was thrown");
    expect(codeAndText(() => refuseTraffic({ measured: true }))).toMatch(/^USAGE/);
    expect(codeAndText(() => refuseTraffic({ measured: false, viewsPerDay: "1" }))).toMatch(/^USAGE/);
  });
});

describe("traffic by what was measured", () => {
  const window = (hours: number, sums: Record<string, number>): string =>
    JSON.stringify({
      from: "2026-11-20T00:00:00.000Z",
      to: new Date(Date.parse("2026-11-20T00:00:00Z") + hours * 3_600_000).toISOString(),
      sums,
    });

  test("is what an average day came to, models at what they cost", () => {
    const sums = { pages_total: 1_200, generations_total: 120, model_usd_total: 0.6, jobs_total: 130 };
    expect(averageDay("dev", window(48, sums), settings)).toEqual({
      traffic: { viewsPerDay: 600, pagesPerDay: 60 },
      modelUsdPerDay: 0.3,
      from: "2026-11-20T00:00:00.000Z",
      to: "2026-11-22T00:00:00.000Z",
      hours: 48,
    });
  });

  test("counts pages whose model has no known price as the estimate does", () => {
    const sums = { pages_total: 10, generations_total: 10, model_unpriced_total: 10 };
    expect(averageDay("dev", window(24, sums), settings).modelUsdPerDay).toBeCloseTo(0.0272, 6);
  });

  test.each([
    ["nothing", window(24, {})],
    ["only what is no traffic", window(24, { jobs_total: 3 })],
    ["a time of no length", window(0, { pages_total: 3 })],
    ["a page of HTML", "<html>"],
    ["another document", '{"from": 1}'],
    ["a sum below nothing", window(24, { pages_total: -1 })],
  ])("is refused where it is %s", (_, body) => {
    expect(codeAndText(() => averageDay("dev", body, settings))).toMatch(/^NOT_MEASURED .*stack "dev"/);
  });

  test("of less than an hour, and of less than a day, says so", () => {
    expect(windowWarnings("dev", { hours: 0.2 })).toEqual([
      "stack dev was measured for 12 min only: a month made of less than an hour says little",
    ]);
    expect(windowWarnings("dev", { hours: 1 })).toEqual([expect.stringContaining("measured for 1 h:")]);
    expect(windowWarnings("dev", { hours: 5 })).toEqual([expect.stringContaining("measured for 5 h:")]);
    expect(windowWarnings("dev", { hours: 24 })).toEqual([]);
  });
});

describe("what people read", () => {
  const estimate = estimateCost(settings);

  test("is a line for each part, the total last, cents below cents", () => {
    const lines = costLines(estimate);
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe("                 USD a month");
    expect(lines.at(-1)).toMatch(/^total +\d+\.\d\d$/);
    const ends = lines.slice(1).map((line) => /\.\d\d/.exec(line)!.index);
    expect(new Set(ends).size).toBe(1);
  });

  test("says what the estimate holds for", () => {
    expect(trafficLine(estimate.assuming, "assumed")).toBe("10,000 pages shown and 1,000 made a day, assumed.");
    const window = { from: "2026-11-20T10:00:00.000Z", to: "2026-11-20T12:30:59.000Z", hours: 2.5 };
    expect(trafficLine(estimate.assuming, "measured", window)).toBe(
      "10,000 pages shown and 1,000 made a day, measured from 2026-11-20 10:00 to 2026-11-20 12:30 UTC, 2.5 hours.",
    );
    expect(settingsLine(settings)).toMatch(/pages by kimi-k2\.6 \(layout\), one for each shopper.*pool of 10 lite/);
    expect(settingsLine(settingsWith({ personalisation: { scope: "cohort" } }))).toMatch(/template, shared by cohorts/);
  });

  test("is a line for each shop, and one for all", () => {
    const traffic = { viewsPerDay: 1_000, pagesPerDay: 100 };
    const members = ["shop-a", "shop-b", "shop-c"].map((name) => ({ name, settings, traffic }));
    const lines = fleetLines(estimateFleet(members), (stack) => stack.replace("shop-", ""));
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["USD", "a", "b", "c", "all"]);
    expect(lines.slice(1).map((line) => line.split(/ +/)[1])).toEqual(["1.67", "1.67", "1.66", "5.00"]);
  });
});

describe("CSV", () => {
  test("of stacks has numbers that a spreadsheet adds up, and no row of sums", () => {
    const traffic = { viewsPerDay: 1234.5, pagesPerDay: 10 };
    const members = ["shop-a", "shop-b"].map((name) => ({ name, settings, traffic }));
    const { stacks, monthlyUsd } = estimateFleet(members);
    const rows = parse(stacksCsv(stacks), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ stack }) => stack)).toEqual(["shop-a", "shop-b"]);
    expect(Object.keys(rows[0]!)).toEqual(
      "stack,views_per_day,pages_per_day,workers,kv,d1,r2,durable_objects,containers,models,monthly_usd".split(","),
    );
    expect(rows[0]!["views_per_day"]).toBe("1235");
    expect(rows.reduce((sum, row) => sum + Number(row["monthly_usd"]), 0)).toBeCloseTo(monthlyUsd, 6);
  });

  test("of scenarios has a row for each way, commas in names quoted", () => {
    const rows = parse(scenariosCsv(scenarioCosts(settings)), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(18);
    expect(rows[2]).toMatchObject({
      scenario: "10K new shoppers a day, hourly refresh",
      first_estimate_usd: "2050.00",
      pages_by: "layout",
      scope: "shopper",
      models_usd: "2448.00",
    });
  });
});
