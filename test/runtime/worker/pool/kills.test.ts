import { Edge, eventually } from "../harness";
import { answer, pageFor, type Behaviour } from "../support/generator";
import { PoolMember } from "../support/poolMember";
import { shopsOn } from "../support/shops";
import { Client } from "../support/socket";
import { killWorkerd } from "../support/workerd";

const edge = new Edge();
const member = new PoolMember(edge, "pool-0");
const shop = shopsOn(edge);

/** Says nothing to the first request, and answers those after it. */
function silentFirst(): { behaviour: Behaviour; asked: Promise<void>; drop(): void } {
  let tell: () => void;
  let drop: () => void = () => undefined;
  let count = 0;
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const behaviour: Behaviour = ({ request }, response) => {
    if (count++ > 0) return answer(response, 200, pageFor(request));
    drop = () => response.destroy();
    tell();
  };
  return { behaviour, asked, drop: () => drop() };
}

/** What was delivered: rows of D1 once they say that the page is made, and what the shopper was told. */
async function delivered(slug: string, shopper: string) {
  await edge.until(slug, shopper, "ready");
  const db = await edge.mf.getD1Database("DB");
  const query = db.prepare("SELECT status FROM ui_generations WHERE kv_key LIKE ?").bind(`ui:${slug}:${shopper}:%`);
  const rows = await eventually(async () => {
    const { results } = await query.all<{ status: string }>();
    return results.length > 0 && results.every(({ status }) => status !== "pending") ? results : undefined;
  }, `the row of ${shopper}'s page`);
  const client = await Client.open(edge, `store=${slug}&shopper=${shopper}&since=0`);
  await client.caughtUp();
  await client.close();
  const pages = await edge.mf.getKVNamespace("UI_CACHE");
  return {
    rows: rows.map(({ status }) => status),
    told: client.heard.filter(({ type }) => type === "ui_ready").length,
    pages: (await pages.list({ prefix: `ui:${slug}:${shopper}:` })).keys.length,
  };
}
const ONCE = { rows: ["completed"], told: 1, pages: 1 };

beforeAll(() => edge.start({ POOL_SIZE: "1" }));
afterAll(() => edge.stop());

describe("a job is not lost, and delivered once,", () => {
  it("when its container is killed", async () => {
    const { behaviour, asked, drop } = silentFirst();
    const slug = await shop(behaviour);
    await edge.fetch(`/s/${slug}?shopper=anna`);
    await asked;
    drop();
    expect(await delivered(slug, "anna")).toEqual(ONCE);
  });

  it("when its member's object is evicted while the job waits for its next attempt", async () => {
    let count = 0;
    const slug = await shop(({ request }, response) => {
      if (count++ > 0) answer(response, 200, pageFor(request));
      else response.writeHead(503).end("There is no Container instance available"); // asked again in 2 s
    });
    await edge.fetch(`/s/${slug}?shopper=bert`);
    await eventually(async () => count > 0 || undefined, "the first attempt");
    await edge.until(slug, "bert", "queued");
    await member.evict();
    expect(await delivered(slug, "bert")).toEqual(ONCE);
    expect(edge.generator.askedBy(slug)).toHaveLength(2);
  });

  it("when everything is killed while the generator works", async () => {
    const { behaviour, asked, drop } = silentFirst();
    const slug = await shop(behaviour);
    await edge.fetch(`/s/${slug}?shopper=carl`);
    await asked;
    killWorkerd();
    drop();
    await edge.restart();
    expect(await delivered(slug, "carl")).toEqual(ONCE);
    const record = await edge.untilRecorded(slug, "carl", "done");
    expect(record).toMatchObject({ attempt: 1, breadcrumbs: [{ code: "INTERRUPTED" }, { code: "OK" }] });
  });

  it("wherever between the visit and the last record everything is killed", async () => {
    const slug = await shop(({ request }, response) => answer(response, 200, pageFor(request)));
    const shoppers: string[] = [];
    // Kills at different moments after the first answer: while pages are stored, told of, finished, noted in D1.
    for (const ms of [0, 15, 40, 90, 180, 400]) {
      const before = edge.generator.asked.length;
      const group = Array.from({ length: 6 }, (_, n) => `kill-${ms}-${n}`);
      shoppers.push(...group);
      await Promise.all(group.map((shopper) => edge.fetch(`/s/${slug}?shopper=${shopper}`)));
      for (const shopper of group) expect((await edge.status(slug, shopper)).state).not.toBe("none");
      await eventually(async () => edge.generator.asked.length > before || undefined, "the first request");
      await new Promise((resolve) => setTimeout(resolve, ms));
      killWorkerd();
      await edge.restart();
    }
    for (const shopper of shoppers) {
      const was = await delivered(slug, shopper);
      expect([shopper, was]).toEqual([shopper, ONCE]);
    }
  }, 60_000);
});
