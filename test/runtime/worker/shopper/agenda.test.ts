import { Agenda } from "../../../../runtime/worker/shopper/agenda";

type Task = "detect" | "publish";

function setUp() {
  const stored = new Map<string, unknown>();
  const alarms: number[] = [];
  const storage = {
    kv: {
      get: <Value>(key: string) => stored.get(key) as Value | undefined,
      put: <Value>(key: string, value: Value) => void stored.set(key, value),
      delete: (key: string) => stored.delete(key),
    },
    setAlarm: async (at: number) => void alarms.push(at),
    deleteAlarm: async () => void alarms.push(0),
  };
  const done: Task[] = [];
  const failures: Task[] = [];
  const work = (agenda: Agenda<Task>, now: number, run: (task: Task) => Promise<void> = async () => undefined) =>
    agenda.work(
      now,
      async (task) => {
        done.push(task);
        await run(task);
      },
      (task) => failures.push(task),
    );
  return { agenda: () => new Agenda<Task>(storage), stored, alarms, done, failures, work };
}

describe("an object's agenda", () => {
  it("sets the alarm for the first of its tasks, does what is due and leaves the rest, across an eviction", async () => {
    const { agenda, alarms, done, work, stored } = setUp();
    await agenda().plan("publish", 2_000);
    await agenda().plan("detect", 1_000);
    expect(alarms.at(-1)).toBe(1_000);
    await work(agenda(), 900);
    expect(done).toEqual([]);
    await work(agenda(), 1_000);
    expect(done).toEqual(["detect"]);
    expect(alarms.at(-1)).toBe(2_000);
    await work(agenda(), 2_000);
    expect(done).toEqual(["detect", "publish"]);
    expect(stored.size).toBe(0);
  });

  it("does nothing of a task that was dropped meanwhile", async () => {
    const { agenda, done, work } = setUp();
    const one = agenda();
    await one.plan("detect", 1_000);
    one.drop("detect");
    one.drop("publish");
    await work(one, 1_000);
    expect(done).toEqual([]);
  });

  it("tries a task again that failed, later each time, and drops it in the end", async () => {
    const { agenda, alarms, done, failures, work } = setUp();
    await agenda().plan("publish", 0);
    const pauses: number[] = [];
    for (let now = 0; agenda().at("publish") !== undefined; now = alarms.at(-1)!) {
      await work(agenda(), now, () => Promise.reject(new Error("KV is away")));
      pauses.push(alarms.at(-1)! - now);
    }
    expect(done).toHaveLength(6);
    expect(failures).toHaveLength(6);
    expect(pauses.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it("keeps what a task plans while it runs, for itself and for others", async () => {
    const { agenda, alarms, work } = setUp();
    const one = agenda();
    await one.plan("detect", 1_000);
    await work(one, 1_000, async () => {
      await one.plan("detect", 5_000);
      await one.plan("publish", 3_000);
    });
    expect([one.at("detect"), one.at("publish")]).toEqual([5_000, 3_000]);
    expect(alarms.at(-1)).toBe(3_000);
  });

  it("sets the alarm for another time before it does anything, and deletes it when nothing is left", async () => {
    const { agenda, alarms, work } = setUp();
    await agenda().plan("detect", 1_000);
    await work(agenda(), 1_000, async () => {
      expect(alarms.at(-1)).toBeGreaterThan(1_000);
      await agenda().plan("publish", 1_000);
    });
    expect(alarms.at(-1)).toBe(1_000);
    await work(agenda(), 1_000);
    expect(alarms.at(-1)).toBe(0);
  });

  it("keeps a task that is planned anew for the same time while it runs", async () => {
    const { agenda, done, work } = setUp();
    await agenda().plan("publish", 1_000);
    await work(agenda(), 1_000, async () => {
      agenda().drop("publish");
      await agenda().plan("publish", 1_000);
    });
    await work(agenda(), 1_000);
    expect(done).toEqual(["publish", "publish"]);
  });

  it("does the others when one fails", async () => {
    const { agenda, done, failures, work } = setUp();
    await agenda().plan("detect", 0);
    await agenda().plan("publish", 0);
    await work(agenda(), 0, async (task) => {
      if (task === "detect") throw new Error("no");
    });
    expect(done.toSorted()).toEqual(["detect", "publish"]);
    expect(failures).toEqual(["detect"]);
    expect(agenda().at("publish")).toBeUndefined();
  });
});
