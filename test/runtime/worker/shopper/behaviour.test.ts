import type { Fact } from "../../../../runtime/lib/persona/facts";
import { Behaviour, MOST_EVENTS } from "../../../../runtime/worker/shopper/behaviour";
import { memorySql } from "../support/sql";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const views = (count: number, at = NOW): Fact[] =>
  Array.from({ length: count }, (_, ms) => ({ at, event: { type: "page_view", ms }, touched: [] }));

function setUp() {
  const sql = memorySql();
  const kept = () => {
    const [row] = sql.exec("SELECT COUNT(*) AS kept, MAX(seq) AS seen, MIN(seq) AS oldest FROM events").toArray();
    return { ...row };
  };
  return { behaviour: new Behaviour(sql), kept };
}

describe("what a shopper did", () => {
  it("is remembered event by event, in order and unchanged", () => {
    const { behaviour, kept } = setUp();
    const odd: Fact = {
      at: NOW,
      event: { type: "search", query: `it's "quoted", 5 € \u{1f9f9} \\ {}` },
      touched: [{ id: "x", category: "Wands", price: 1.1, rank: 0.5, reduced: false }],
    };
    behaviour.add([...views(2), odd], NOW);
    behaviour.add(views(1, NOW + 1), NOW + 1);
    expect(behaviour.telling()).toEqual([...views(2), odd, ...views(1, NOW + 1)]);
    expect(kept()).toEqual({ kept: 4, seen: 4, oldest: 1 });
  });

  it("loses none of a burst, keeps the newest ten thousand of a long one, and counts all", () => {
    const { behaviour, kept } = setUp();
    for (let request = 0; request < 200; request++) behaviour.add(views(50), NOW);
    expect(kept()).toEqual({ kept: MOST_EVENTS, seen: 10_000, oldest: 1 });
    behaviour.add(views(50), NOW);
    expect(kept()).toEqual({ kept: MOST_EVENTS, seen: 10_050, oldest: 51 });
  });

  it("is forgotten after thirty days", () => {
    const { behaviour, kept } = setUp();
    behaviour.add(views(3, NOW), NOW);
    behaviour.add(views(2, NOW + 1), NOW + 1);
    behaviour.add(views(1, NOW + 30 * DAY_MS), NOW + 30 * DAY_MS);
    expect(kept()).toMatchObject({ kept: 6 });
    behaviour.add(views(1, NOW + 30 * DAY_MS + 1), NOW + 30 * DAY_MS + 1);
    expect(kept()).toMatchObject({ kept: 4, seen: 7, oldest: 4 });
  });

  it("tells of a persona by the newest two thousand", () => {
    const { behaviour } = setUp();
    behaviour.add(views(1_500), NOW);
    behaviour.add(views(1_000, NOW + 1), NOW + 1);
    const telling = behaviour.telling();
    expect(telling).toHaveLength(2_000);
    expect(telling[0]).toEqual(views(501).at(-1));
    expect(telling.at(-1)).toEqual(views(1_000, NOW + 1).at(-1));
  });
});
