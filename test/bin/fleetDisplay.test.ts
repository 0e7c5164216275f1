import { stripVTControlCharacters } from "node:util";
import { FleetPicture, plainFleet } from "../../bin/display/fleetPicture";
import { fleetLines } from "../../bin/display/fleetTable";
import { checkUsage, type FleetOptions } from "../../bin/shop/fleetOptions";
import { headline } from "../../infra/fleet/headline";
import type { FleetEvent } from "../../infra/fleet/run/events";
import type { FleetReport, ShopReport } from "../../infra/fleet/run/report";

const DONE: ShopReport = {
  stack: "shop-acme",
  wave: 1,
  state: "done",
  ms: 1250,
  summary: { create: 3, same: 30 },
  build: "b1",
  address: "http://acme",
};
const FAILED: ShopReport = {
  stack: "shop-bolt",
  wave: 2,
  state: "failed",
  ms: 90,
  error: { stage: "deploy", message: "no room\nand more of it" },
};
const EVENTS: FleetEvent[] = [
  { kind: "wave", number: 1, of: 2, stacks: ["shop-acme"] },
  { kind: "started", stack: "shop-acme" },
  { kind: "progress", stack: "shop-acme", text: "creating storage-db" },
  { kind: "deployed", stack: "shop-acme", ms: 1250 },
  { kind: "verifying", stack: "shop-acme" },
  { kind: "ended", shop: DONE },
  { kind: "wave", number: 2, of: 2, stacks: ["shop-bolt", "shop-cove"] },
  { kind: "started", stack: "shop-bolt" },
  { kind: "ended", shop: FAILED },
  { kind: "stopping", why: "1 shop failed, and 0 may (--max-failures)" },
];

test("elsewhere than on a terminal, a line for each thing that happens", () => {
  const lines: string[] = [];
  const onEvent = plainFleet((line) => lines.push(line), 3);
  for (const event of EVENTS) onEvent(event);
  expect(lines).toEqual([
    "Wave 1 of 2: 1 shop",
    "  acme …",
    "  acme done in 1.3s: 3 created, 30 unchanged (1/3)",
    "Wave 2 of 2: 2 shops",
    "  bolt …",
    "  bolt failed in 0.1s: no room (2/3)",
    "Stopping: 1 shop failed, and 0 may (--max-failures). What is under way ends first",
  ]);
});

test("on a terminal, a bar and a line for each shop under way", () => {
  const picture = new FleetPicture(4, 0);
  const seen = EVENTS.map((event, at) => {
    picture.take(event, at * 1000);
    return picture.lines(at * 1000).map(stripVTControlCharacters);
  });
  expect(seen[2]).toEqual([`${"░".repeat(24)} 0/4  wave 1/2  2.0s`, "  acme  1.0s  creating storage-db"]);
  expect(seen[4]![1]).toBe("  acme  0.0s  waiting for its new build");
  expect(seen[5]).toEqual([`${"█".repeat(6)}${"░".repeat(18)} 1/4  wave 1/2  5.0s`]);
  expect(seen.at(-1)).toEqual([
    "bolt failed in 0.1s: no room",
    "Stopping: 1 shop failed, and 0 may (--max-failures). What is under way ends first",
    `${"█".repeat(12)}${"░".repeat(12)} 2/4  wave 2/2  1 failed  9.0s`,
  ]);
});

test.each([
  [
    "1 problem in a store:\n  stores/tea/products.csv:2: no price\n  more",
    "1 problem in a store: stores/tea/products.csv:2: no price",
  ],
  ["no room\nat all", "no room"],
  ["nothing follows:", "nothing follows:"],
  ["", ""],
])("of %j the table shows %j", (message, shown) => {
  expect(headline(message)).toBe(shown);
});

test("at the end a table, the counts and why it stopped", () => {
  const report: FleetReport = {
    operation: "up",
    shops: [DONE, FAILED, { stack: "shop-cove", wave: 2, state: "not started" }],
    waves: 2,
    ms: 2000,
    stopped: { by: "failures", why: "1 shop failed" },
  };
  expect(fleetLines(report).map(stripVTControlCharacters)).toEqual([
    "SHOP  WAVE  RESULT       TIME  CHANGES                  BUILD  ADDRESS OR ERROR",
    "acme  1     done         1.3s  3 created, 30 unchanged  b1     http://acme",
    "bolt  2     failed       0.1s  -                        -      no room",
    "cove  2     not started  -     -                        -      -",
    "",
    "Shops: 1 done, 1 failed, 1 not started, in 2.0s",
    "Stopped: 1 shop failed",
  ]);
});

const options: FleetOptions = { stateDir: "/nowhere", local: true, json: false, all: false };
test.each<[string[], Partial<FleetOptions>, RegExp]>([
  [[], {}, /which shop\? Name one or several, or add --all/],
  [["a", "b"], { all: true }, /--all is every shop: name none besides/],
  [["a"], { resume: true }, /--resume goes on with the shops of the last run/],
  [[], { resume: true, wave: { count: 1 } }, /--resume keeps the waves of the run/],
  [[], { all: true, removeFiles: true }, /--remove-files is for one shop at a time/],
])("%j with %j is refused", (slugs, more, why) => {
  expect(() => checkUsage(slugs, { ...options, ...more })).toThrow(why);
});
