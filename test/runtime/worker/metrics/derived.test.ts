import { derivedFrom } from "../../../../runtime/worker/metrics/derived";
import { keyOf, type Counts } from "../../../../runtime/worker/metrics/series";

const sockets = (store: string, opened: number, closed: number): Counts => ({
  [keyOf({ metric: "sockets_opened_total", labels: { store } })]: opened,
  [keyOf({ metric: "sockets_closed_total", labels: { store } })]: closed,
});

/** What is said of open sockets, by store. */
function openOf(running: Counts, lastHour: Counts): Record<string, number> {
  const derived = derivedFrom({ running, lastHour, highest: {}, alerts: {}, noticesWaiting: 0 });
  const { values = [] } = derived.find(({ name }) => name === "sockets_open") ?? {};
  return Object.fromEntries(values.map(([labels, value]) => [labels["store"] ?? "", value]));
}

describe("sockets that are open", () => {
  it("are those of the last hour that were opened and not closed", () => {
    expect(openOf(sockets("a", 90, 85), sockets("a", 9, 4))).toEqual({ a: 5 });
  });

  it("are not those of whose end nobody told because their process was killed an hour ago", () => {
    expect(openOf(sockets("a", 90, 40), {})).toEqual({ a: 0 });
  });

  it("are never fewer than none, where some were opened before the hour", () => {
    expect(
      openOf({ ...sockets("a", 90, 90), ...sockets("b", 3, 1) }, { ...sockets("a", 1, 3), ...sockets("b", 2, 1) }),
    ).toEqual({ a: 0, b: 1 });
  });
});
