import { Edge } from "../harness";
import { answer, pageFor } from "../support/generator";
import { storeRecord } from "../support/store";

const edge = new Edge();
const STORE = "tea-house";

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

/** Makes all these visits at once, and lets the generator answer when the last of them was answered. */
async function visitAtOnce(shoppers: readonly string[]): Promise<void> {
  const held: (() => void)[] = [];
  let over = false;
  edge.generator.behaviours.set(STORE, ({ request }, response) => {
    const go = (): void => answer(response, 200, pageFor(request));
    if (over) go();
    else held.push(go);
  });
  const visit = async (shopper: string): Promise<number> => {
    const response = await edge.fetch(`/s/${STORE}?shopper=${shopper}`);
    await response.arrayBuffer();
    return response.status;
  };
  expect(new Set(await Promise.all(shoppers.map(visit)))).toEqual(new Set([200]));
  over = true;
  for (const go of held) go();
}

describe("many first visits at once", () => {
  it("of one shopper, a thousand of them, make one job", async () => {
    await visitAtOnce(Array.from({ length: 1_000 }, () => "crowd"));
    await edge.until(STORE, "crowd", "ready");
    expect(edge.generator.askedFor("crowd")).toHaveLength(1);
    const rows = await (
      await edge.mf.getD1Database("DB")
    )
      .prepare("SELECT COUNT(*) AS n FROM ui_generations WHERE shopper_id = 'crowd'")
      .first<{ n: number }>();
    expect(rows?.n).toBeLessThanOrEqual(1);
  }, 60_000);

  it("of many shoppers of one cohort make one job, and the page is everybody's", async () => {
    await edge.restart({ PERSONALISATION_SCOPE: "cohort" });
    const shoppers = Array.from({ length: 200 }, (_, n) => `member-${n}`);
    await visitAtOnce(shoppers);
    await edge.until(STORE, "member-0", "ready");
    await edge.until(STORE, "member-199", "ready");
    expect(edge.generator.askedFor("cohort")).toHaveLength(1);
    const later = await edge.fetch(`/s/${STORE}?shopper=member-7`);
    expect(later.headers.get("X-Wand-Source")).not.toBe("fallback");
  }, 60_000);
});
