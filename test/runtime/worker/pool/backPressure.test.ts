import { rankMembers } from "../../../../runtime/lib/rendezvous";
import { Edge, eventually } from "../harness";
import { answer, pageFor, type Behaviour } from "../support/generator";
import { PoolMember } from "../support/poolMember";
import { storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";
const MEMBERS = ["pool-0", "pool-1", "pool-2", "pool-3"];

/** Answers nothing before it is let. */
class Gate {
  readonly waiting: (() => void)[] = [];
  readonly behaviour: Behaviour = ({ request }, response) => {
    this.waiting.push(() => answer(response, 200, pageFor(request)));
  };
  open(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

/** Makes jobs take so long, as the queue measures it. */
const taking =
  (ms: number): Behaviour =>
  async ({ request }, response) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    answer(response, 200, pageFor(request));
  };

const behave = (behaviour: Behaviour): void => void edge.generator.behaviours.set(STORE, behaviour);

beforeAll(async () => {
  await edge.start({ POOL_SIZE: "1", GENERATION_CONCURRENCY: "1", MAX_QUEUE_DEPTH: "2" });
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

describe("POST /trigger of a member", () => {
  const member = new PoolMember(edge, "pool-0");
  const state = async (shopper: string) => (await member.find(`ui:${STORE}:${shopper}:v1_explorer_50_01234567`))?.state;

  it("says which job it is and where in the line, and the same of a variant that is in line", async () => {
    const gate = new Gate();
    behave(gate.behaviour);
    const first = await member.trigger({ shopper: "anna" });
    expect(first).toMatchObject({ status: 202, body: { member: "pool-0", position: 1 } });
    const second = await member.trigger({ shopper: "bert" });
    expect(second).toMatchObject({ status: 202, body: { position: 2 } });
    expect((await member.trigger({ shopper: "anna" })).body.job_id).toBe(first.body.job_id);
    expect((await member.trigger({ shopper: "bert" })).body.job_id).toBe(second.body.job_id);
    await eventually(async () => (gate.open(), (await state("bert")) === "done" || undefined), "both pages");
    expect(edge.generator.askedFor("anna")).toHaveLength(1);
  });

  it("refuses what is over its depth until a place is free, by the time that jobs were measured to take", async () => {
    behave(taking(1_500));
    await member.trigger({ shopper: "carl" });
    await eventually(async () => (await state("carl")) === "done" || undefined, "a measured job");
    await edge.restart(); // the measure outlives the object
    const gate = new Gate();
    behave(gate.behaviour);
    for (const shopper of ["dora", "emil"]) expect((await member.trigger({ shopper })).status).toBe(202);
    await eventually(async () => gate.waiting[0], "the first to run");
    const refused = await member.trigger({ shopper: "fred" });
    // Two fast jobs and one of 1.5 s were measured: the running one is about to end.
    expect(refused).toMatchObject({ status: 429, retryAfter: 1, body: { error: { code: "QUEUE_FULL" } } });
    gate.open();
    await eventually(async () => (gate.open(), (await state("emil")) === "done" || undefined), "both pages");
    const until = Date.now() + 1000 * (refused.retryAfter ?? 0);
    await eventually(async () => Date.now() >= until || undefined, "the time it named");
    expect((await member.trigger({ shopper: "fred" })).status).toBe(202);
    await eventually(async () => (gate.open(), (await state("fred")) === "done" || undefined), "the page");
  });

  it("keeps to its refusal for as long as it said, since another member has the job by then", async () => {
    const gate = new Gate();
    behave(gate.behaviour);
    for (const shopper of ["gina", "hugo"]) await member.trigger({ shopper });
    await eventually(async () => gate.waiting[0], "the first to run");
    expect((await member.trigger({ shopper: "ida" })).status).toBe(429);
    await eventually(async () => (gate.open(), (await state("hugo")) === "done" || undefined), "both pages");
    expect((await member.trigger({ shopper: "jan" })).status).toBe(202); // there is a place
    await eventually(async () => (gate.open(), (await state("jan")) === "done" || undefined), "the page");
  });

  it("refuses a wait of over a minute, though there are places in the line", async () => {
    await edge.restart({ MAX_QUEUE_DEPTH: "100", POOL_SIZE: "2" });
    const other = new PoolMember(edge, "pool-1"); // it has measured nothing yet, and assumes 5 s
    const gate = new Gate();
    behave(gate.behaviour);
    const answers = [];
    for (let n = 0; n < 14; n++) answers.push(await other.trigger({ shopper: `long-${n}` }));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 13 }, () => 202), 429]);
    expect(answers.at(-1)?.retryAfter).toBe(5);
    await other.forget(STORE);
  });

  it.each([
    ["no JSON", "POST", "/trigger", "hello", 400],
    ["another shape", "POST", "/trigger", "{}", 400],
    ["another method", "GET", "/trigger", undefined, 404],
    ["another path", "POST", "/", "{}", 404],
  ])("refuses %s", async (_what, method, path, body, status) => {
    const pool = await edge.mf.getDurableObjectNamespace("POOL");
    const stub = pool.get(pool.idFromName("pool-0"));
    const init = body === undefined ? { method } : { method, body };
    expect((await stub.fetch(`http://pool${path}`, init)).status).toBe(status);
  });
});

describe("a visit whose page's owner is full", () => {
  const gate = new Gate();
  const hash = async () => (await edge.status(STORE, "nobody")).persona_hash;
  const ranked = async (shopper: string) => rankMembers(`ui:${STORE}:${shopper}:${await hash()}`, MEMBERS);
  const jobAt = async (member: string, shopper: string) =>
    new PoolMember(edge, member).find(`ui:${STORE}:${shopper}:${await hash()}`);
  const fill = async (member: string) => {
    const { status } = await new PoolMember(edge, member).trigger({ shopper: `fills-${member}` });
    expect(status).toBe(202);
  };

  beforeAll(async () => {
    behave(gate.behaviour);
    await edge.restart({ POOL_SIZE: "4", MAX_QUEUE_DEPTH: "1" });
    for (const member of MEMBERS.slice(0, 2)) await new PoolMember(edge, member).forget(STORE);
  });

  it("gets it from the next two members in rank order, and after them from nobody", async () => {
    const order = await ranked("vera");
    await fill(order[0]!);
    expect((await edge.fetch(`/s/${STORE}?shopper=vera`)).headers.get("X-Wand-Source")).toBe("fallback");
    const status = await edge.until(STORE, "vera", "running");
    expect((await jobAt(order[1]!, "vera"))?.id).toBe(status.job_id);

    // Now three members are full: for this shopper the fourth is not asked.
    await fill(order[2]!);
    const others = Array.from({ length: 200 }, (_, n) => `walt-${n}`);
    const lists = await Promise.all(others.map(ranked));
    const unlucky = others[lists.findIndex((list) => list[3] === order[3])]!;
    expect((await edge.fetch(`/s/${STORE}?shopper=${unlucky}`)).status).toBe(200);
    await eventually(async () => edge.log.join("").includes("page_dropped") || undefined, "the drop to be logged");
    expect(await jobAt(order[3]!, unlucky)).toBeUndefined();
    expect((await edge.status(STORE, unlucky)).state).toBe("none");

    const lucky = others[lists.findIndex((list) => list[3] !== order[3])]!;
    await edge.fetch(`/s/${STORE}?shopper=${lucky}`);
    await edge.until(STORE, lucky, "running");
    expect(await jobAt(order[3]!, lucky)).toBeDefined();
    gate.open();
    await edge.until(STORE, "vera", "ready");
  });
});
