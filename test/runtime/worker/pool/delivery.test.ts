import type { GenerateRequest } from "../../../../runtime/contract/generate";
import type { LeasedJob } from "../../../../runtime/worker/pool/job";
import { JobStore } from "../../../../runtime/worker/pool/jobs";
import { Outbox } from "../../../../runtime/worker/pool/outbox";
import { pageFor } from "../support/generator";
import { memorySql } from "../support/sql";
import { storeRecord } from "../support/store";
import { trigger } from "../support/trigger";

jest.mock("../../../../runtime/worker/assets", () => ({ scriptUrl: "/assets/page.js" }));
// By name, since its types are those of workerd and not of Node.
const { runJob } = jest.requireActual<{ runJob(job: LeasedJob, context: object): Promise<void> }>(
  "../../../../runtime/worker/pool/runJob",
);

const KEY = "ui:tea-house:alice:v1_explorer_50_01234567";
const NOW = Date.now();

/** One job at a member whose world is in memory, so that something can happen between any two of its steps. */
class Bench {
  readonly jobs = new JobStore(memorySql());
  readonly outbox = new Outbox(memorySql());
  readonly pages = new Map<string, unknown>();
  readonly objects = new Map<string, unknown>();
  readonly told: { job_id: string; generated_at: string }[] = [];
  asked = 0;
  /** Happens while the page is being written. */
  whileStoring: () => void = () => undefined;
  /** Happens before the shopper is told; throws to tell nothing. */
  beforeTelling: () => void = () => undefined;

  constructor() {
    this.jobs.add("job-1", KEY, trigger(), NOW);
  }

  lease = (): LeasedJob => this.jobs.lease(Date.now(), 75_000, 60_000)!;

  run(job: LeasedJob): Promise<void> {
    const shopper = {
      progress: async () => undefined,
      failed: async () => undefined,
      pageStored: async (_name: unknown, page: { job_id: string; generated_at: string }) => {
        this.beforeTelling();
        this.told.push(page);
      },
    };
    const object = (stub: object) => ({ idFromName: (name: string) => name, get: () => stub });
    const env = {
      STORES: {
        get: async (key: string) => (key.startsWith("store:") ? JSON.stringify(storeRecord("tea-house")) : null),
      },
      UI_CACHE: {
        get: async () => null,
        put: async (key: string, value: unknown) => {
          this.whileStoring();
          this.pages.set(key, value);
        },
        delete: async (key: string) => void this.pages.delete(key),
      },
      UI_STORAGE: {
        get: async () => null,
        put: async (key: string, value: unknown) => void this.objects.set(key, value),
        delete: async (key: string) => void this.objects.delete(key),
      },
      SHOPPER: object(shopper),
      METRICS: object({ add: async () => undefined }),
    };
    const generator = {
      fetch: async (_address: string, { body }: { body: string }) => {
        this.asked++;
        return Response.json(pageFor(JSON.parse(body) as GenerateRequest));
      },
    };
    const settings = { hasModel: false, CACHE_TTL_SECONDS: 3600, STALE_SECONDS: 86_400, LLM_FORMAT: "layout" };
    const { jobs, outbox } = this;
    return runJob(job, { env, settings, jobs, outbox, generator, signal: new AbortController().signal });
  }
}

beforeAll(() => {
  const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
  Object.assign(globalThis, { scheduler: { wait } });
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  jest.spyOn(console, "warn").mockImplementation(() => undefined);
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterAll(() => jest.restoreAllMocks());

describe("a job's delivery", () => {
  it("stores the page, tells of it and ends the job", async () => {
    const bench = new Bench();
    await bench.run(bench.lease());
    expect([[...bench.pages.keys()], [...bench.objects.keys()]]).toEqual([[KEY], ["generated/tea-house:alice.html"]]);
    expect(bench.told).toMatchObject([{ job_id: "job-1" }]);
    expect(bench.jobs.byId("job-1")).toMatchObject({ state: "done", result: { source: "template" } });
    expect(bench.outbox.due(Date.now() + 60_000).map(({ kind }) => kind)).toEqual(["row", "record"]);
  });

  it("that is cut off once the page is stored goes on with telling of that page, and makes no other", async () => {
    const bench = new Bench();
    const first = bench.lease();
    bench.beforeTelling = () => {
      bench.beforeTelling = () => undefined;
      bench.jobs.recover(Date.now()); // the object is gone and constructed again, and another runner has the job
    };
    await bench.run(first);
    await bench.run(bench.lease());
    expect([bench.asked, bench.told.length]).toEqual([1, 2]);
    // The same page of the same job: the shopper's object lets it be told of once.
    expect(bench.told[1]).toEqual(bench.told[0]);
    expect(bench.jobs.byId("job-1")).toMatchObject({ state: "done", attempt: 1 });
  });

  it("to a shopper who is forgotten while the page is written takes it back, and tells nobody", async () => {
    const bench = new Bench();
    bench.whileStoring = () => bench.jobs.forget("tea-house", "alice");
    await bench.run(bench.lease());
    expect([bench.pages.size, bench.objects.size, bench.told]).toEqual([0, 0, []]);
    expect(bench.outbox.due(Date.now() + 60_000).filter(({ kind }) => kind === "record")).toEqual([]);
  });

  it("that has lost its lease leaves the page to the next runner, and tells nobody", async () => {
    const bench = new Bench();
    bench.whileStoring = () => bench.jobs.recover(Date.now());
    await bench.run(bench.lease());
    expect([bench.pages.size, bench.told]).toEqual([1, []]);
    expect(bench.jobs.byId("job-1")?.state).toBe("queued");
  });

  it("writes the page up to three times, then counts as an attempt that failed", async () => {
    const bench = new Bench();
    let writes = 0;
    bench.whileStoring = () => {
      writes++;
      throw new Error("KV PUT failed: 429 Too Many Requests");
    };
    await bench.run(bench.lease());
    expect(writes).toBe(3);
    expect(bench.jobs.byId("job-1")).toMatchObject({ state: "queued", crumbs: [{ code: "KV_WRITE_FAILED" }] });
  });

  it("is made though the shopper's object never answers", async () => {
    const bench = new Bench();
    bench.beforeTelling = () => {
      throw new Error("Durable Object is overloaded.");
    };
    await bench.run(bench.lease());
    expect([bench.told, bench.jobs.byId("job-1")?.state]).toEqual([[], "done"]);
  });

  it("is given up when its runs were cut off too often", async () => {
    const bench = new Bench();
    for (let n = 0; n < 6; n++) {
      bench.lease();
      bench.jobs.recover(Date.now());
    }
    await bench.run(bench.lease());
    expect([bench.asked, bench.jobs.byId("job-1")?.state]).toEqual([0, "failed"]);
  });
});
