import { estimateFleet, type FleetEstimate } from "../../infra/cost";
import { notesOf } from "../../infra/cost/notes";
import { PRICE_LISTS, PRICES_AS_OF } from "../../infra/cost/prices";
import { scenarioCosts, scenarioModel } from "../../infra/cost/scenarios";
import { listShops, shopAt } from "../../infra/fleet/list";
import { checkSlug } from "../../infra/fleet/slug";
import { settingsIn } from "../ci/report/settings";
import { scenariosCsv, stacksCsv } from "../cost/csv";
import { priceWarnings } from "../cost/prices";
import { activeHours, refuseTraffic, type TrafficOptions, type TrafficSource } from "../cost/traffic";
import { workOut, type Work, type Worked } from "../cost/work";
import { ASSUMED_HINT, costLines, fleetLines, settingsLine, trafficLine } from "../display/cost";
import { scenarioLines, whyLines } from "../display/costScenarios";
import { complain, say } from "../display/say";
import { Ended, EXIT, Failure } from "../failure";
import { PROJECT_DIR, type StackOptions } from "../options";

export interface CostOptions extends StackOptions, TrafficOptions {
  csv: boolean;
  scenarios: boolean;
}
export interface ShopCostOptions extends Omit<CostOptions, "stack"> {
  all: boolean;
}

/** `wandstore cost`: what a stack costs in a month, as if it were alone in its account. */
export async function cost(options: CostOptions): Promise<void> {
  refuseTwoForms(options);
  if (options.scenarios) return scenarios(options);
  const { members, source, warnings } = await workOut([options.stack], options, Date.now());
  warn(warnings);
  const member = members[0]!;
  const estimate = estimateFleet([member]).stacks[0]!;
  const notes = notesOf(member.settings, member.traffic, estimate);
  if (options.csv) return say(stacksCsv([estimate]));
  const { monthlyUsd, parts } = estimate;
  if (options.json) {
    return print({ stack: member.stack, monthlyUsd, parts, traffic: trafficOf(member, source), notes, warnings });
  }
  say(`Stack ${member.stack}, a month of 30 days, alone in its account, at list prices of ${PRICES_AS_OF}`);
  say();
  for (const line of costLines(estimate)) say(line);
  say();
  say(`Traffic:  ${trafficLine(member.traffic, source, member.measured)}`);
  if (source === "assumed") say(`          ${ASSUMED_HINT}`);
  say(settingsLine(member.settings));
  for (const note of notes) say(`Note:     ${note}`);
}

/** `wandstore shop cost`: one shop alone, or all of them, which share what their account pays once. */
export async function shopCost(slug: string | undefined, options: ShopCostOptions): Promise<void> {
  if (slug !== undefined && options.all) {
    throw new Failure("USAGE", `"${slug}" and --all contradict each other: name a shop, or say --all`);
  }
  if (slug !== undefined) return cost({ ...options, stack: shopAt(PROJECT_DIR, checkSlug(slug)).stack });
  if (options.scenarios) throw new Failure("USAGE", "--scenarios are of one shop: name it");
  refuseTwoForms(options);
  const slugs = new Map(listShops(PROJECT_DIR).map((shop) => [shop.stack, shop.slug]));
  if (slugs.size === 0) throw new Failure("NO_SHOPS", "there is no shop: no file is called Pulumi.shop-{slug}.yaml");
  const work = await workOut([...slugs.keys()], options, Date.now());
  warn(work.warnings);
  const fleet = estimateFleet(work.members);
  if (options.csv) say(stacksCsv(fleet.stacks));
  else if (options.json) print(fleetDocument(fleet, work, slugs));
  else showFleet(fleet, work, slugs);
  if (work.failed.length > 0) throw new Ended(EXIT.FAILED);
}

/** With more shops than that nobody reads on. */
const MOST_NOTES = 10;

type Slugs = ReadonlyMap<string, string>;

function showFleet(fleet: FleetEstimate, { members, source }: Work, slugs: Slugs): void {
  say(
    `${members.length === 1 ? "1 shop" : `${members.length} shops`}, a month of 30 days, at list prices of ${PRICES_AS_OF}`,
  );
  say();
  for (const line of fleetLines(fleet, (stack) => slugs.get(stack) ?? stack)) say(line);
  say();
  if (source !== "measured") say(`Traffic of each: ${trafficLine(members[0]!.traffic, source)}`);
  if (source === "assumed") say(ASSUMED_HINT);
  for (const { stack, measured } of members) {
    if (measured !== undefined) say(`${slugs.get(stack)}: ${trafficLine(measured.traffic, source, measured)}`);
  }
  const notes = members.flatMap(({ stack, settings, traffic }, at) =>
    notesOf(settings, traffic, fleet.stacks[at]!).map((note) => `${slugs.get(stack)}: ${note}`),
  );
  for (const note of notes.slice(0, MOST_NOTES)) say(note);
  if (notes.length > MOST_NOTES) say(`… and ${notes.length - MOST_NOTES} more: --json has them all.`);
  const plans = fleet.accounts === 1 ? "The plan of their account" : `The plans of their ${fleet.accounts} accounts`;
  say(`${plans}, and what it includes, is shared by them; what else runs there is not counted.`);
}

function fleetDocument(fleet: FleetEstimate, { members, source, warnings, failed }: Work, slugs: Slugs): object {
  const shops = fleet.stacks.map(({ name, monthlyUsd, parts }, at) => {
    const member = members[at]!;
    const notes = notesOf(member.settings, member.traffic, fleet.stacks[at]!);
    return { shop: slugs.get(name), stack: name, monthlyUsd, parts, traffic: trafficOf(member, source), notes };
  });
  const { monthlyUsd, parts, accounts } = fleet;
  return { monthlyUsd, parts, accounts, shops, failed, warnings };
}

function scenarios(options: CostOptions): void {
  const { stack, json, csv } = options;
  refuseTraffic(options);
  const hours = activeHours(options);
  const settings = settingsIn(PROJECT_DIR, stack);
  const results = scenarioCosts(settings, hours);
  const warnings = priceWarnings(Date.now());
  warn(warnings);
  const model = scenarioModel(settings);
  if (csv) return say(scenariosCsv(results));
  if (json) return print({ stack, model, scenarios: results, warnings });
  say(`The scenarios of the first estimates, run as stack ${stack}, a month at list prices of ${PRICES_AS_OF}`);
  say();
  for (const line of scenarioLines(results)) say(line);
  say();
  for (const line of whyLines(results, model, hours)) say(line);
}

function refuseTwoForms({ json, csv }: Pick<CostOptions, "json" | "csv">): void {
  if (json && csv) throw new Failure("USAGE", "--json and --csv contradict each other: each prints one document");
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) complain(`warning: ${warning}`);
}

function trafficOf({ traffic, measured }: Worked, source: TrafficSource): object {
  const { viewsPerDay, pagesPerDay } = traffic;
  const window = measured && { from: measured.from, to: measured.to, hours: measured.hours };
  return { source, viewsPerDay, pagesPerDay, ...(window && { window }) };
}

/** One JSON document, with what it is worked out from. */
const print = (document: object): void =>
  say(JSON.stringify({ currency: "USD", daysOfMonth: 30, ...document, prices: PRICE_LISTS }, null, 2));
