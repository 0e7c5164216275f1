import { noteFull, notFull } from "../../../../runtime/worker/pool/fullMembers";
import { ADMIN_TOKEN, Edge, eventually } from "../harness";
import { PoolMember } from "../support/poolMember";
import { storeRecord } from "../support/store";

describe("a member that said that it is full", () => {
  const NOW = 1_800_000_000_000;

  it("is left out until the time that it named", () => {
    noteFull("one", 1, NOW);
    expect(notFull(["one", "two"], NOW + 999)).toEqual(["two"]);
    expect(notFull(["one", "two"], NOW + 1_000)).toEqual(["one", "two"]);
  });

  it("is asked again after two seconds, however long it named", () => {
    noteFull("slow", 60, NOW);
    expect(notFull(["slow"], NOW + 1_999)).toEqual([]);
    expect(notFull(["slow"], NOW + 2_000)).toEqual(["slow"]);
  });

  it("is asked when the clock was set back since", () => {
    noteFull("ahead", 60, NOW + 3_600_000);
    expect(notFull(["ahead"], NOW)).toEqual(["ahead"]);
  });
});

describe("newcomers while the pool is full", () => {
  const edge = new Edge();
  const STORE = "tea-house";
  const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0" };
  const refused = async (): Promise<number> => {
    const text = await (await edge.fetch("/metrics", { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } })).text();
    return Number(/^wandstore_jobs_refused_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const dropped = (): number => edge.log.join("").split("page_dropped").length - 1;
  const visits = async (count: number, query: (n: number) => string): Promise<void> => {
    const before = dropped();
    for (let n = 0; n < count; n++) {
      const page = await edge.fetch(`/s/${STORE}${query(n)}`, { headers: BROWSER });
      expect(page.headers.get("X-Wand-Source")).toBe("fallback");
      await eventually(async () => dropped() > before + n || undefined, "the page to be dropped");
    }
  };

  beforeAll(async () => {
    await edge.start({ POOL_SIZE: "1", MAX_QUEUE_DEPTH: "1", GENERATION_CONCURRENCY: "1" });
    await edge.putStore(storeRecord(STORE));
    edge.generator.behaviours.set(STORE, () => undefined);
    expect((await new PoolMember(edge, "pool-0").trigger({ shopper: "fills" })).status).toBe(202);
  });
  afterAll(() => edge.stop());

  it("get the page that is there at once, and ask it once between them", async () => {
    await visits(1, () => "");
    expect(await refused()).toBe(1);
    await visits(5, () => "");
    expect(await refused()).toBeLessThanOrEqual(2); // two seconds may have gone by
  });

  it("do not keep a shopper who was here before from asking", async () => {
    const before = await refused();
    await visits(3, (n) => `?shopper=known-${n}`);
    expect(await refused()).toBe(before + 3);
  });
});
