import { readCron } from "../../../local/cloud/workers/cron";
import { esModule, eventually, startTestCloud, TestClock, type TestCloud } from "./support";

describe("A cron expression", () => {
  const sunday = "2026-11-22T03:17:00Z";
  const monday = "2026-11-23T03:17:00Z";
  test.each([
    ["17 3 * * *", monday, true],
    ["18 3 * * *", monday, false],
    ["*/17 * * * *", monday, true],
    ["17 3 * * 1", sunday, true], // 1 is Sunday
    ["17 3 * * 2", monday, true],
    ["17 3 * * 2", sunday, false],
    ["17 3 * * 7", "2026-11-28T03:17:00Z", true],
    ["17 3 * * MON-FRI", monday, true],
    ["17 3 * * MON-FRI", sunday, false],
    ["17 3 * NOV SUN", sunday, true],
    ["17 3 * * 2#4", monday, true], // the fourth Monday
    ["17 3 * * 2#3", monday, false],
    ["17 3 * * 2-6/2", monday, true],
    ["59 23 LW * *", "2026-11-30T23:59:00Z", true],
  ])("%s at %s: %p", (text, minute, matches) => {
    expect(readCron(text)?.(new Date(minute))).toBe(matches);
  });
  test.each([
    "",
    "often",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* * * * 8",
    "* * * * 0",
    "@daily",
    "* 24 * * *",
    "0 0 31 2 *",
  ])("%p is none", (text) => expect(readCron(text)).toBeUndefined());
});

/** Writes down each call. */
const CODE = `export default {
  fetch: () => new Response("ok"),
  async scheduled({ cron, scheduledTime }, env) {
    if (cron === "0 5 * * *") throw new Error("a planted failure");
    await env.KV.put(cron + " " + new Date(scheduledTime).toISOString(), "fired");
  },
};`;

describe("Cron triggers in the embedded cloud", () => {
  let test: TestCloud;
  let clock: TestClock;
  let namespace: string;
  const lines: string[] = [];

  beforeAll(async () => {
    clock = new TestClock();
    test = await startTestCloud({ clock, log: (line) => lines.push(line) });
    const { id } = await test.client.kv.namespaces.create({ account_id: test.accountId, title: "calls" });
    namespace = id;
    await deploy("caller", CODE);
    await deploy("silent", "export default { fetch: () => new Response('ok') }");
  }, 60_000);
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  async function deploy(name: string, code: string): Promise<void> {
    const account_id = test.accountId;
    const { id } = await test.client.workers.beta.workers.create({ account_id, name } as never);
    await test.client.workers.beta.workers.versions.create(id, {
      account_id,
      main_module: "index.js",
      modules: [esModule("index.js", code)],
      compatibility_date: "2026-01-01",
      bindings: [{ type: "kv_namespace", name: "KV", namespace_id: namespace }],
      deploy: true,
    } as never);
  }
  const schedule = (name: string, ...crons: string[]) =>
    test.client.workers.scripts.schedules.update(name, {
      account_id: test.accountId,
      body: crons.map((cron) => ({ cron })),
    });
  const calls = async () => {
    const keys = await test.client.kv.namespaces.keys.list(namespace, { account_id: test.accountId });
    return keys.result.map(({ name }) => name).toSorted();
  };
  /** Moves to a moment of tomorrow, a second late as clocks are, and gives that minute. */
  function moveTo(hour: number, minute: number): string {
    const now = clock.now();
    const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1, hour, minute);
    clock.move(at + 1_000 - now.getTime());
    return new Date(at).toISOString();
  }

  it("fire at their minute, once, and at no other", async () => {
    await schedule("caller", "30 4 * * *", "*/30 * * * *");
    const first = moveTo(4, 29);
    expect(await calls()).toEqual([]);
    clock.move(60_000);
    const due = new Date(Date.parse(first) + 60_000).toISOString();
    await eventually(async () => (await calls()).length === 2);
    clock.move(60_000); // the next minute has nothing
    expect(await calls()).toEqual([`*/30 * * * * ${due}`, `30 4 * * * ${due}`]);
  }, 60_000);

  it("go on after a restart, and stop when they are taken away", async () => {
    await test.restart();
    const before = await calls();
    const due = moveTo(12, 30);
    await eventually(async () => (await calls()).length > before.length);
    expect((await calls()).filter((call) => !before.includes(call))).toEqual([`*/30 * * * * ${due}`]);
    await schedule("caller");
    const rest = await calls();
    moveTo(13, 0);
    expect(await calls()).toEqual(rest);
  }, 60_000);

  it("start nothing for a Worker without the handler, and a failure ends in the log", async () => {
    await schedule("silent", "0 5 * * *");
    await schedule("caller", "0 5 * * *", "1 5 * * *");
    lines.length = 0;
    moveTo(5, 0);
    await eventually(async () => lines.some((line) => line.includes('the schedule "0 5 * * *" failed')));
    expect(lines.filter((line) => line.includes("silent"))).toEqual([]);
    const rest = (await calls()).length;
    clock.move(60_000);
    await eventually(async () => (await calls()).length > rest);
  }, 60_000);

  it("are refused where they name no moment", async () => {
    for (const cron of ["* * * * 8", "0 0 31 2 *", "@daily"]) {
      const refused = await test.api("PUT", `/accounts/${test.accountId}/workers/scripts/caller/schedules`, [{ cron }]);
      expect([refused.status, refused.body.errors[0]?.code]).toEqual([400, 10100]);
    }
  });
});
