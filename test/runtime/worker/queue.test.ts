import { Edge, eventually } from "./harness";
import { failing, first } from "./support/behaviours";
import { answer, pageFor, type Behaviour } from "./support/generator";
import { shopsOn } from "./support/shops";

const edge = new Edge();
const shop = shopsOn(edge);

beforeAll(() => edge.start());
afterAll(() => edge.stop());

describe("a job that fails", () => {
  it("is tried again when that can help", async () => {
    const slug = await shop(first(failing(503, "MODEL_UNAVAILABLE"), (_asked, response) => void response.destroy()));
    await edge.fetch(`/s/${slug}?shopper=alice`);
    await edge.until(slug, "alice", "ready");
    expect(edge.generator.askedBy(slug)).toHaveLength(3);
  });

  it("is given up after three attempts, with a record of why", async () => {
    const slug = await shop((_asked, response) => answer(response, 200, { status: "success", ui: "no page" }));
    await edge.fetch(`/s/${slug}?shopper=bob`);
    const { job_id } = await edge.until(slug, "bob", "failed");
    expect(edge.generator.askedBy(slug)).toHaveLength(3);
    const record = await edge.untilRecorded(slug, "bob", "failed");
    expect(record).toMatchObject({ job_id, attempt: 3, error: expect.stringContaining("GENERATION_FAILED") as string });
  });

  it("is not tried again when that cannot help, nor by the shopper's next visits", async () => {
    const slug = await shop(failing(400, "INVALID_PERSONA"));
    await edge.fetch(`/s/${slug}?shopper=carol`);
    await edge.until(slug, "carol", "failed");
    const again = await edge.fetch(`/s/${slug}?shopper=carol`);
    expect(again.headers.get("X-Wand-Source")).toBe("fallback");
    expect((await edge.status(slug, "carol")).state).toBe("failed");
    expect(edge.generator.askedBy(slug)).toHaveLength(1);
    const db = await edge.mf.getD1Database("DB");
    const row = await eventually(async () => {
      const query = db.prepare("SELECT * FROM ui_generations WHERE shopper_id = 'carol' AND status = 'failed'");
      return (await query.first<Record<string, string>>()) ?? undefined;
    }, "the row of the failure");
    expect(row?.["error_message"]).toContain("INVALID_PERSONA");
  });

  it("fails when its time is over, with no attempt after that", async () => {
    const slug = await shop(() => undefined);
    await edge.restart({ JOB_DEADLINE_MS: "1000" });
    await edge.fetch(`/s/${slug}?shopper=tom`);
    await edge.until(slug, "tom", "failed");
    expect(await edge.untilRecorded(slug, "tom", "failed")).toMatchObject({
      attempt: 1,
      error: expect.stringContaining("TIMEOUT") as string,
    });
    await edge.restart({ JOB_DEADLINE_MS: "60000" });
  });

  it("waits, without losing an attempt, while no container is free", async () => {
    const full: Behaviour = (_asked, response) => {
      response.writeHead(503).end("There is no Container instance available");
    };
    const slug = await shop(first(full));
    await edge.fetch(`/s/${slug}?shopper=dave`);
    await edge.until(slug, "dave", "ready");
    const record = await edge.untilRecorded(slug, "dave", "done");
    expect(record["attempt"]).toBe(1);
  });
});

describe("a member's jobs", () => {
  it("run side by side, and those beyond the concurrency after them", async () => {
    let running = 0;
    let most = 0;
    const slug = await shop(async ({ request }, response) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 200));
      running--;
      answer(response, 200, pageFor(request));
    });
    await edge.restart({ POOL_SIZE: "1", GENERATION_CONCURRENCY: "3" });
    const shoppers = Array.from({ length: 8 }, (_, index) => `many-${index}`);
    await Promise.all(shoppers.map((shopper) => edge.fetch(`/s/${slug}?shopper=${shopper}`)));
    await Promise.all(shoppers.map((shopper) => edge.until(slug, shopper, "ready")));
    expect(most).toBe(3);
    expect(edge.generator.askedBy(slug)).toHaveLength(8);
  });

  it("outlive workerd: what ran is made after a restart, what was made is still there", async () => {
    let held: (() => void) | undefined;
    const hang: Behaviour = (_asked, response) => {
      held = () => response.destroy();
    };
    const slug = await shop(first(hang));
    await edge.fetch(`/s/${slug}?shopper=erin`);
    await eventually(async () => held, "the generator to be asked");
    expect((await edge.status(slug, "erin")).state).toBe("running");

    await edge.restart();
    held?.();
    const { persona_hash } = await edge.until(slug, "erin", "ready");
    await edge.restart();
    const page = await edge.fetch(`/s/${slug}?shopper=erin`);
    expect(page.headers.get("X-Wand-Source")).toBe("kv");
    expect(await edge.status(slug, "erin")).toMatchObject({ state: "ready", persona_hash });
  });

  it("are refused when the line is full, and the page is served all the same", async () => {
    const answers: (() => void)[] = [];
    const slug = await shop(({ request }, response) => {
      answers.push(() => answer(response, 200, pageFor(request)));
    });
    await edge.restart({ POOL_SIZE: "1", GENERATION_CONCURRENCY: "1", MAX_QUEUE_DEPTH: "2" });
    for (const shopper of ["one", "two"]) await edge.fetch(`/s/${slug}?shopper=${shopper}`);
    await eventually(async () => ((await edge.status(slug, "two")).state === "queued" ? true : undefined), "two jobs");
    expect((await edge.fetch(`/s/${slug}?shopper=three`)).headers.get("X-Wand-Source")).toBe("fallback");
    expect((await edge.status(slug, "three")).state).toBe("none");
    expect((await edge.status(slug, "one")).state).toBe("running");
    await eventually(
      async () => (answers.shift()?.(), (await edge.status(slug, "two")).state === "ready" || undefined),
      "both pages",
    );
  });

  it("are made without D1, which is only told of them", async () => {
    const db = await edge.mf.getD1Database("DB");
    await db.prepare("DROP TABLE ui_generations").run();
    const slug = await shop();
    await edge.fetch(`/s/${slug}?shopper=frank`);
    await edge.until(slug, "frank", "ready");
    await eventually(async () => edge.log.join("").includes("ledger_failed") || undefined, "the log to say so");
  });
});
