import { Edge, eventually } from "../harness";
import { failing, first } from "../support/behaviours";
import { answer, pageFor, type Behaviour } from "../support/generator";
import { shopsOn } from "../support/shops";
import { Client } from "../support/socket";

const edge = new Edge();
const shop = shopsOn(edge);

async function rowsOf(shopper: string) {
  const db = await edge.mf.getD1Database("DB");
  const query = db.prepare("SELECT status, error_message, completed_at FROM ui_generations WHERE shopper_id = ?");
  return (await query.bind(shopper).all<Record<string, string | null>>()).results;
}

beforeAll(() => edge.start({ POOL_SIZE: "2" }));
afterAll(() => edge.stop());

describe("a job's attempts", () => {
  it("have less and less time, of the one deadline that the job has", async () => {
    const slug = await shop(first(failing(503, "MODEL_UNAVAILABLE"), failing(429, "RATE_LIMITED")));
    await edge.fetch(`/s/${slug}?shopper=anna`);
    await edge.until(slug, "anna", "ready");
    const left = edge.generator.askedBy(slug).map(({ headers }) => Number(headers["x-deadline-ms"]));
    expect(left).toHaveLength(3);
    expect(left[0]).toBeLessThanOrEqual(60_000);
    expect(left[1]).toBeLessThan(left[0]!);
    expect(left[2]).toBeLessThan(left[1]!);
    expect(left[2]).toBeGreaterThan(30_000);
  });

  it("carry one request id, from the visit on", async () => {
    const slug = await shop(first(failing(500, "CONTAINER_ERROR")));
    const visit = await edge.fetch(`/s/${slug}?shopper=bert`);
    await edge.until(slug, "bert", "ready");
    const ids = edge.generator.askedBy(slug).map(({ headers }) => headers["x-request-id"]);
    expect(ids).toEqual([ids[0], ids[0]]);
    if (visit.headers.has("X-Request-Id")) expect(ids[0]).toBe(visit.headers.get("X-Request-Id"));
  });

  it("leave one row in D1, and a breadcrumb each in the record", async () => {
    const slug = await shop(first(failing(503, "MODEL_UNAVAILABLE"), (_asked, response) => void response.destroy()));
    await edge.fetch(`/s/${slug}?shopper=carl`);
    const { job_id } = await edge.until(slug, "carl", "ready");
    const record = await edge.untilRecorded(slug, "carl", "done");
    expect(record).toMatchObject({ job_id, attempt: 3 });
    expect(record["breadcrumbs"]).toMatchObject([
      { attempt: 1, code: "MODEL_UNAVAILABLE" },
      { attempt: 2, code: "CONTAINER_ERROR" },
      { attempt: 3, code: "OK" },
    ]);
    const rows = await eventually(async () => {
      const found = await rowsOf("carl");
      return found.some(({ status }) => status === "completed") ? found : undefined;
    }, "the row of the page");
    expect(rows).toEqual([{ status: "completed", error_message: null, completed_at: expect.any(String) as string }]);
  });
});

describe("a job that is given up", () => {
  it("is a failed row, a record with every attempt, and news to the shopper", async () => {
    const slug = await shop(failing(500, "GENERATION_FAILED"));
    const client = await Client.open(edge, `store=${slug}&shopper=dora`);
    await edge.fetch(`/s/${slug}?shopper=dora`);
    expect((await client.event("error")).data).toEqual({ code: "GENERATION_FAILED", message: "as the test wants it" });
    await client.close();
    const record = await edge.untilRecorded(slug, "dora", "failed");
    expect((record["breadcrumbs"] as { code: string }[]).map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => "GENERATION_FAILED"),
    );
    const rows = await eventually(async () => {
      const found = await rowsOf("dora");
      return found[0]?.["status"] === "failed" ? found : undefined;
    }, "the row of the failure");
    expect(rows).toEqual([
      {
        status: "failed",
        error_message: "GENERATION_FAILED: as the test wants it",
        completed_at: expect.any(String) as string,
      },
    ]);
  });
});

describe("a shopper who waits", () => {
  const heardOf = async (behaviour: Behaviour, shopper: string) => {
    const slug = await shop(behaviour);
    const client = await Client.open(edge, `store=${slug}&shopper=${shopper}`);
    await edge.fetch(`/s/${slug}?shopper=${shopper}`);
    await client.event("ui_ready");
    await edge.until(slug, shopper, "ready");
    await client.caughtUp();
    await client.close();
    const heard = client.heard.filter(({ type }) => type === "generation_progress" || type === "ui_ready");
    return heard.map(({ type, data }) => data["progress_percent"] ?? type);
  };

  it("hears how far the page is, in order, and once that it is there", async () => {
    const slow: Behaviour = async ({ request }, response) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      answer(response, 200, pageFor(request));
    };
    expect(await heardOf(slow, "emil")).toEqual([10, 75, 100, "ui_ready"]);
  });
});
