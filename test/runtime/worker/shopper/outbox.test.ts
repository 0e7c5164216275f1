import * as fc from "fast-check";
import type { ServerEvent } from "../../../../runtime/contract/websocket";
import { MOST_TOLD, Outbox, TOLD_MS } from "../../../../runtime/worker/shopper/outbox";

const NOW = 1_800_000_000_000;
const HASHES = ["v2_explorer_55_0000000a", "v2_loyalist_70_0000000b", "v2_unknown_0_0000000c"] as const;

const ready = (persona_hash: string = HASHES[0]): ServerEvent => ({
  type: "ui_ready",
  data: { persona_hash, generated_at: "2026-11-21T08:30:00.000Z" },
});
const progress = (progress_percent: number): ServerEvent => ({
  type: "generation_progress",
  data: { status: "generating", progress_percent },
});
const failure: ServerEvent = { type: "error", data: { code: "TIMEOUT", message: "Too late." } };

function outbox() {
  const stored = new Map<string, unknown>();
  const store = {
    get: <Value>(key: string) => structuredClone(stored.get(key)) as Value | undefined,
    put: <Value>(key: string, value: Value) => void stored.set(key, structuredClone(value)),
    delete: (key: string) => stored.delete(key),
  };
  return { stored, make: () => new Outbox(store) };
}

describe("a shopper's outbox", () => {
  it("gives rising numbers within one millisecond, and after everything was erased", () => {
    const { make, stored } = outbox();
    const box = make();
    const first = [box.add(progress(10), NOW), box.add(progress(20), NOW), box.add(ready(), NOW)];
    stored.clear();
    const later = box.add(ready(), NOW);
    const afterEviction = make().add(ready(), NOW + 60_000);
    const numbers = [...first, later, afterEviction].map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(5);
  });

  it("tells a client that comes back what came after the last event it heard, in order", () => {
    const box = outbox().make();
    const told = [progress(10), progress(75), ready(), failure].map((event, index) => box.add(event, NOW + index));
    expect(box.missed(told[0]!.seq, NOW + 10)).toEqual(told.slice(1));
    expect(box.missed(told[3]!.seq, NOW + 10)).toEqual([]);
    expect(box.missed(0, NOW + 10)).toEqual(told);
    expect(box.missed(NOW + 999_999, NOW + 10)).toEqual([]);
  });

  it("tells a client that heard nothing yet of the page that is ready, and of the one being made", () => {
    const box = outbox().make();
    expect(box.missed(undefined, NOW)).toEqual([]);
    box.add(progress(10), NOW);
    const page = box.add(ready(), NOW + 1);
    expect(box.missed(undefined, NOW + 2)).toEqual([page]);
    const next = box.add(progress(30), NOW + 3);
    expect(box.missed(undefined, NOW + 4)).toEqual([page, next]);
    box.add(failure, NOW + 5);
    expect(box.missed(undefined, NOW + 6)).toEqual([page]);
  });

  it("forgets a page that is on the screen with what came before it, and not what came after", () => {
    const { make, stored } = outbox();
    const box = make();
    box.add(progress(10), NOW);
    box.add(ready(HASHES[0]), NOW + 1);
    const after = box.add(progress(10), NOW + 2);
    box.acknowledge(HASHES[1]); // of no page it told of
    expect(box.missed(0, NOW + 3)).toHaveLength(3);
    box.acknowledge(HASHES[0]);
    expect(box.missed(0, NOW + 3)).toEqual([after]);
    expect(box.missed(undefined, NOW + 3)).toEqual([after]);
    box.add(ready(HASHES[1]), NOW + 4);
    box.acknowledge(HASHES[1]);
    expect(stored.size).toBe(0);
  });

  it("keeps an unacknowledged page whatever its age, and else only what is young", () => {
    const box = outbox().make();
    const page = box.add(ready(), NOW);
    box.add(progress(10), NOW + 1);
    const now = NOW + 2 * TOLD_MS;
    expect(box.missed(undefined, now)).toEqual([page]);
    const last = box.add(progress(20), now);
    expect(box.missed(0, now)).toEqual([page, last]);
  });

  it("never keeps more than its bound and the page, and never loses the page, whatever happens", () => {
    const event = fc.oneof(fc.constantFrom(...HASHES).map(ready), fc.nat(100).map(progress), fc.constant(failure));
    const step = fc.record({ event, wait: fc.nat(TOLD_MS / 20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const box = outbox().make();
        let now = NOW;
        let page: string | undefined;
        for (const one of steps) {
          now += one.wait;
          box.add(one.event, now);
          if (one.event.type === "ui_ready") page = one.event.data.persona_hash;
          const kept = box.missed(0, now);
          const seqs = kept.map(({ seq }) => seq);
          expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
          expect(kept.length).toBeLessThanOrEqual(MOST_TOLD + 1);
          const shown = box.missed(undefined, now).find(({ event: { type } }) => type === "ui_ready")?.event;
          expect(shown?.type === "ui_ready" ? shown.data.persona_hash : undefined).toBe(page);
        }
      }),
      { numRuns: 50 },
    );
  });
});
