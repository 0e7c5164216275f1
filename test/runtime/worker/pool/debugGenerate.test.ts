import { ADMIN_TOKEN, Edge, eventually } from "../harness";
import { answer, errorOf, pageFor } from "../support/generator";
import { storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";
const admin = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const ask = (query: string, method = "GET") => edge.fetch(`/debug/generate?${query}`, { method, headers: admin });

beforeAll(async () => {
  await edge.start({ JOB_DEADLINE_MS: "2000", POOL_SIZE: "2", MAX_QUEUE_DEPTH: "1" });
  await edge.putStore(storeRecord(STORE));
  await edge.putStore(storeRecord("asks-first", { settings: { consent_required: true } }));
});
afterAll(() => edge.stop());
afterEach(() => void edge.generator.behaviours.clear());

describe("/debug/generate", () => {
  it.each(["GET", "POST"])("by %s makes a shopper's page through the pool and says how", async (method) => {
    const shopper = `anna-${method}`;
    const response = await ask(`store=${STORE}&shopper=${shopper}`, method);
    const body = (await response.json()) as Record<string, unknown>;
    expect([response.status, body]).toMatchObject([
      200,
      {
        state: "done",
        attempt: 1,
        model: "template",
        source: "template",
        ms: expect.any(Number) as number,
        usd: null,
        tokens: { prompt: 0, completion: 0, total: 0 },
        breadcrumbs: [{ attempt: 1, code: "OK" }],
      },
    ]);
    expect(await edge.until(STORE, shopper, "ready")).toMatchObject({
      job_id: body["job"],
      persona_hash: body["persona_hash"],
    });
    expect((await edge.fetch(`/s/${STORE}?shopper=${shopper}`)).headers.get("X-Wand-Source")).toBe("kv");
  });

  it("makes it for another persona when it is told which, in either spelling", async () => {
    const response = await ask(`store=${STORE}&shopper=bert&persona=bargain_hunter`);
    expect(await response.json()).toMatchObject({ persona_hash: expect.stringMatching(/^v\d+_dealhunter_/) as string });
    expect(edge.generator.askedFor("bert")[0]?.request.persona.type).toBe("dealhunter");
  });

  it("says why a job failed", async () => {
    edge.generator.behaviours.set(STORE, (_asked, response) => answer(response, 400, errorOf("INVALID_PERSONA", "no")));
    const response = await ask(`store=${STORE}&shopper=carl`);
    expect([response.status, await response.json()]).toMatchObject([
      502,
      { state: "failed", error: "INVALID_PERSONA: no", breadcrumbs: [{ code: "INVALID_PERSONA" }] },
    ]);
  });

  it("says when to come back while nobody takes the job", async () => {
    const held: (() => void)[] = [];
    edge.generator.behaviours.set(STORE, ({ request }, response) => {
      held.push(() => answer(response, 200, pageFor(request)));
    });
    const waiting = ["dora", "emil", "fred"].map((shopper) => ask(`store=${STORE}&shopper=${shopper}`));
    const refused = await Promise.any(
      waiting.map(async (one) => {
        const response = await one;
        if (response.status !== 429) throw new Error("not this one");
        return response;
      }),
    );
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ error: { code: "QUEUE_FULL", retryable: true } });
    await eventually(
      async () => (held.splice(0).forEach((go) => go()), edge.generator.askedBy(STORE).length) || undefined,
      "",
    );
    await Promise.all(waiting);
  });

  it.each([
    ["no store", "shopper=anna", 400, "BAD_STORE"],
    ["a store that is not there", "store=nowhere&shopper=anna", 404, "UNKNOWN_STORE"],
    ["no shopper", `store=${STORE}`, 400, "BAD_SHOPPER"],
    ["a shopper that cannot be one", `store=${STORE}&shopper=cohort`, 400, "BAD_SHOPPER"],
    ["a persona that is none", `store=${STORE}&shopper=anna&persona=wizard`, 400, "BAD_REQUEST"],
    ["a shopper who has not said yes", "store=asks-first&shopper=anna", 400, "BAD_SHOPPER"],
  ])("refuses %s", async (_what, query, status, code) => {
    const response = await ask(query);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });

  it("is not there without the token, and takes no other method", async () => {
    expect((await edge.fetch(`/debug/generate?store=${STORE}&shopper=anna`)).status).toBe(404);
    const response = await ask(`store=${STORE}&shopper=anna`, "DELETE");
    expect([response.status, response.headers.get("Allow")]).toEqual([405, "GET, HEAD, POST"]);
  });
});

describe("/debug/errors", () => {
  it("shows the breadcrumbs of the shopper's last job", async () => {
    edge.generator.behaviours.set(STORE, (_asked, response) => answer(response, 400, errorOf("INVALID_PERSONA", "no")));
    await ask(`store=${STORE}&shopper=gina`);
    const job = await eventually(async () => {
      const response = await edge.fetch(`/debug/errors?store=${STORE}&shopper=gina`, { headers: admin });
      return ((await response.json()) as { job: Record<string, unknown> | null }).job ?? undefined;
    }, "the record");
    expect(job).toMatchObject({
      state: "failed",
      breadcrumbs: [{ attempt: 1, code: "INVALID_PERSONA", at: expect.any(Number) as number }],
    });
  });
});
