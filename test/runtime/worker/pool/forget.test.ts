import { ADMIN_TOKEN, Edge, eventually } from "../harness";
import { answer, pageFor } from "../support/generator";
import { PoolMember } from "../support/poolMember";
import { storeRecord } from "../support/store";
import { trigger } from "../support/trigger";

const edge = new Edge();
const member = new PoolMember(edge, "pool-0");
const STORE = "tea-house";

beforeAll(async () => {
  await edge.start({ POOL_SIZE: "1", GENERATION_CONCURRENCY: "8" });
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());
afterEach(() => void edge.generator.behaviours.clear());

/** Everything that a job leaves anywhere but in the shopper's own object. */
async function leftOf(shopper: string): Promise<string[]> {
  const db = await edge.mf.getD1Database("DB");
  const rows = await db.prepare("SELECT status FROM ui_generations WHERE shopper_id = ?").bind(shopper).all();
  const lists = await Promise.all(
    (["UI_CACHE", "GENERATION_QUEUE"] as const).map(async (name) => {
      const namespace = await edge.mf.getKVNamespace(name);
      const { keys } = await namespace.list();
      return keys.map((key) => key.name).filter((key) => key.split(":")[2] === shopper);
    }),
  );
  const object = await (await edge.mf.getR2Bucket("UI_STORAGE")).head(`generated/${STORE}:${shopper}.html`);
  return [...rows.results.map(() => "row"), ...lists.flat(), ...(object === null ? [] : [object.key])];
}

const made = (subject: string) =>
  eventually(async () => {
    const job = await member.find(`ui:${STORE}:${subject}:${trigger().persona_hash}`);
    return job?.state === "done" ? job : undefined;
  }, `${subject}'s page to be made`);

describe("a shopper who is forgotten", () => {
  it("while their page is made gets none, without the generator's answer being waited for", async () => {
    edge.generator.behaviours.set(STORE, () => undefined);
    await edge.fetch(`/s/${STORE}?shopper=anna`);
    await eventually(async () => edge.generator.askedFor("anna")[0], "the generator to be asked");
    await member.forget(STORE, "anna");
    expect((await edge.status(STORE, "anna")).state).toBe("none");
    expect(await leftOf("anna")).toEqual([]);
    expect(edge.generator.askedFor("anna")).toHaveLength(1);
    // It is no failure: not in the log, nor in what alerts are judged by.
    await eventually(async () => edge.log.find((line) => line.includes('"job_forgotten"')), "the run to end");
    expect(edge.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    const figures = await edge.fetch("/metrics", { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
    expect(await figures.text()).not.toContain('source="failed"');
  });

  it("has nothing left at whatever moment it is, the storing of the page included", async () => {
    const shoppers = Array.from({ length: 48 }, (_, n) => `gone-${n}`);
    await Promise.all(
      shoppers.map(async (shopper, n) => {
        await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
        await eventually(async () => edge.generator.askedFor(shopper)[0], `${shopper}'s request`);
        await new Promise((resolve) => setTimeout(resolve, n * 4));
        const early = await member.find(`ui:${STORE}:${shopper}:${(await edge.status(STORE, shopper)).persona_hash}`);
        await member.forget(STORE, shopper);
        // What was made before is for whoever erases the shopper; what was under way is the queue's.
        if (early?.state === "done") shoppers[n] = "";
      }),
    );
    for (const shopper of shoppers.filter((one) => one !== "")) {
      expect([shopper, await leftOf(shopper)]).toEqual([shopper, []]);
    }
  }, 60_000);

  it("gets no page that they asked for before, however late that comes, and one that they ask for after", async () => {
    const before = Date.now();
    await member.forget(STORE, "late");
    expect(await member.trigger({ store: STORE, shopper: "late", asked_at: before })).toMatchObject({
      status: 410,
      body: { error: { code: "ERASED" } },
    });
    const ofCohort = { store: STORE, shopper: "late", subject: "cohort", asked_at: before };
    expect((await member.trigger(ofCohort)).status).toBe(202);
    await made("cohort");
    expect(await leftOf("late")).toEqual([]);
    expect((await member.trigger({ store: STORE, shopper: "late", asked_at: before + 60_000 })).status).toBe(202);
    await made("late");
  });

  it("is told nothing of a cohort's page that they asked for, and it is made all the same", async () => {
    await edge.restart({ PERSONALISATION_SCOPE: "cohort" });
    const held: (() => void)[] = [];
    edge.generator.behaviours.set(STORE, ({ request }, response) => {
      held.push(() => answer(response, 200, pageFor(request)));
    });
    await edge.fetch(`/s/${STORE}?shopper=bert`);
    await eventually(async () => held[0], "the generator to be asked");
    await member.forget(STORE, "bert");
    held[0]!();
    await edge.until(STORE, "carl", "ready");
    expect(await leftOf("bert")).toEqual([]);
    const sessions = await edge.mf.getKVNamespace("SHOPPER_SESSIONS");
    expect(await sessions.get(`session:${STORE}:bert`)).toBeNull();
    const page = await edge.fetch(`/s/${STORE}?shopper=carl`);
    expect(page.headers.get("X-Wand-Source")).toBe("kv");
  });
});
