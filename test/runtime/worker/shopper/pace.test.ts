import * as fc from "fast-check";
import { Pace } from "../../../../runtime/worker/shopper/pace";

describe("a pace", () => {
  it("lets the first through at once and the next a pause after its end", async () => {
    let now = 5_000;
    const pace = new Pace(1_000, () => now);
    expect(pace.notBefore()).toBeUndefined();
    await pace.run(async () => void (now += 300));
    expect(pace.notBefore()).toBe(6_300);
    now = 6_299;
    expect(pace.notBefore()).toBe(6_300);
    now = 6_300;
    expect(pace.notBefore()).toBeUndefined();
  });

  it("lets the next through at once when the clock was set back", async () => {
    let now = 5_000_000;
    const pace = new Pace(1_000, () => now);
    await pace.run(async () => undefined);
    now -= 3_600_000;
    expect(pace.notBefore()).toBeUndefined();
  });

  it("lets nothing through while something runs, and counts what failed", async () => {
    const now = 5_000;
    const pace = new Pace(1_000, () => now);
    let fail = (_error: Error): void => undefined;
    const running = pace.run(() => new Promise((_, reject) => (fail = reject)));
    expect(pace.notBefore()).toBe(6_000);
    const idle = pace.idle();
    fail(new Error("KV is away"));
    await expect(running).rejects.toThrow("KV is away");
    await idle;
    expect(pace.notBefore()).toBe(6_000);
  });

  it("writes at most once a second and always the last state, however a burst comes", async () => {
    const waits = fc.array(fc.nat(400), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(waits, async (pauses) => {
        let now = 0;
        let state = 0;
        const put: { off?: number | undefined } = {};
        const writes: { at: number; state: number }[] = [];
        const pace = new Pace(1_000, () => now);
        // As the object does it: at once, or by its alarm.
        const publish = async (): Promise<void> => {
          put.off = pace.notBefore();
          if (put.off === undefined) await pace.run(async () => void writes.push({ at: now, state }));
        };
        for (const pause of pauses) {
          now += pause;
          if (put.off !== undefined && put.off <= now) await publish();
          state += 1;
          await publish();
        }
        while (put.off !== undefined) {
          now = put.off;
          await publish();
        }
        expect(writes.at(-1)?.state).toBe(state);
        for (const [index, write] of writes.entries()) {
          if (index > 0) expect(write.at - writes[index - 1]!.at).toBeGreaterThanOrEqual(1_000);
        }
      }),
      { numRuns: 100 },
    );
  });
});
