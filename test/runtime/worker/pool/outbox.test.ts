import { Outbox, type Item } from "../../../../runtime/worker/pool/outbox";
import { memorySql } from "../support/sql";

const NOW = 1_000_000;
const item = (overrides: Partial<Item> = {}): Item => ({
  kind: "row",
  slot: "row:job-1",
  store: "tea-house",
  owner: "alice",
  body: "1",
  ...overrides,
});
const bodies = (outbox: Outbox, now: number) => outbox.due(now).map(({ body }) => body);

describe("Outbox", () => {
  it("lets items wait half a second for others, then gives them together", () => {
    const outbox = new Outbox(memorySql());
    outbox.put(item(), NOW);
    outbox.put(item({ slot: "row:job-2", body: "2" }), NOW + 400);
    expect([outbox.nextDueAt(), bodies(outbox, NOW + 499)]).toEqual([NOW + 500, []]);
    expect(bodies(outbox, NOW + 900)).toEqual(["1", "2"]);
  });

  it("keeps an item until it is written, through a restart too", () => {
    const sql = memorySql();
    new Outbox(sql).put(item(), NOW);
    const outbox = new Outbox(sql);
    const [due] = outbox.due(NOW + 500);
    outbox.written(due!, NOW + 600);
    expect([outbox.nextDueAt(), outbox.due(NOW + 9_000)]).toEqual([undefined, []]);
  });

  it("writes the last of a slot's items alone, and one that came while it was writing after it", () => {
    const outbox = new Outbox(memorySql());
    outbox.put(item({ body: "pending" }), NOW);
    outbox.put(item({ body: "completed" }), NOW + 100);
    const due = outbox.due(NOW + 500);
    expect(due.map(({ body }) => body)).toEqual(["completed"]);
    outbox.put(item({ body: "later" }), NOW + 550);
    outbox.written(due[0]!, NOW + 600);
    expect(bodies(outbox, NOW + 1_100)).toEqual(["later"]);
  });

  it("writes a key of KV at most once a second", () => {
    const outbox = new Outbox(memorySql());
    const record = (body: string) => item({ kind: "record", slot: "job:tea-house:alice", body });
    outbox.put(record("1"), NOW);
    outbox.written(outbox.due(NOW + 500)[0]!, NOW + 510);
    outbox.put(record("2"), NOW + 520);
    expect([bodies(outbox, NOW + 1_600), bodies(outbox, NOW + 1_610)]).toEqual([[], ["2"]]);
    // One that came while the write was on its way is held back as well.
    const [due] = outbox.due(NOW + 1_610);
    outbox.put(record("3"), NOW + 1_620);
    outbox.written(due!, NOW + 1_700);
    expect([bodies(outbox, NOW + 2_799), bodies(outbox, NOW + 2_800)]).toEqual([[], ["3"]]);
  });

  it("tries again what failed, later each time and apart from the others, and drops it after an hour", () => {
    const outbox = new Outbox(memorySql());
    outbox.put(item(), NOW);
    const fail = (now: number) => outbox.failed(outbox.due(now)[0]!, now);
    expect([fail(NOW + 500), outbox.nextDueAt()]).toEqual([true, NOW + 5_500]);
    expect([fail(NOW + 5_500), outbox.nextDueAt()]).toEqual([true, NOW + 15_500]);
    outbox.put(item({ slot: "row:job-2", body: "2" }), NOW + 15_000);
    expect(bodies(outbox, NOW + 15_500)).toEqual(["2"]);
    outbox.written(outbox.due(NOW + 15_500)[0]!, NOW + 15_600);
    expect(bodies(outbox, NOW + 15_600)).toEqual(["1"]);
    expect([fail(NOW + 3_600_001), outbox.nextDueAt()]).toEqual([false, undefined]);
  });

  it("forgets what is of a subject, or of a store, but not what was spent", () => {
    const outbox = new Outbox(memorySql());
    outbox.put(item(), NOW);
    outbox.put(item({ slot: "job:tea-house:alice", kind: "record", body: "2" }), NOW);
    outbox.put(item({ slot: "row:job-3", owner: "bob", body: "3" }), NOW);
    outbox.put(item({ slot: "row:job-4", store: "other", body: "4" }), NOW);
    outbox.put(item({ slot: "spent:job-1:1", kind: "spent", owner: "", body: "5" }), NOW);
    outbox.forget("tea-house", "alice");
    expect(bodies(outbox, NOW + 500)).toEqual(["3", "4", "5"]);
    outbox.forget("tea-house");
    expect(bodies(outbox, NOW + 500)).toEqual(["4", "5"]);
  });
});
