import { BrokenCircuitError } from "cockatiel";
import { CallerGone, type Deadline } from "../../../runtime/container/deadline";
import { ProviderGuard } from "../../../runtime/container/llm/guard";
import { WandError } from "../../../runtime/contract/errors";

const fail = (): Promise<never> => Promise.reject(new WandError("MODEL_UNAVAILABLE", "down"));
const deadlineOf = (ms: number, callerGone = new AbortController().signal): Deadline => ({
  modelMs: () => ms,
  callerGone,
});

/** A guard whose breaker is open and lets a trial through at once. */
async function opened(halfOpenAfterMs: number): Promise<ProviderGuard> {
  const guard = new ProviderGuard({ retryDelayMs: 1, halfOpenAfterMs });
  for (let call = 0; call < 5; call++) await expect(guard.run(fail, 1, deadlineOf(60_000))).rejects.toThrow(WandError);
  expect(guard.isOpen).toBe(true);
  return guard;
}

describe("the guard of a provider", () => {
  it("refuses at once, unasked, while its breaker is open", async () => {
    const guard = await opened(60_000);
    const work = jest.fn(fail);
    await expect(guard.run(work, 2, deadlineOf(60_000))).rejects.toThrow(BrokenCircuitError);
    expect(work).not.toHaveBeenCalled();
  });

  it("refuses a second call, instead of letting it wait, while a half-open breaker tries a first", async () => {
    const guard = await opened(0);
    let answer = (): void => {};
    const trial = guard.run(() => new Promise<void>((resolve) => (answer = resolve)), 1, deadlineOf(60_000));
    await expect(guard.run(() => Promise.resolve(), 1, deadlineOf(60_000))).rejects.toThrow(BrokenCircuitError);
    answer();
    await trial;
    await guard.run(() => Promise.resolve(), 1, deadlineOf(60_000));
    expect(guard.isOpen).toBe(false);
  });

  it("does not count a caller who hung up as the model's failure", async () => {
    const guard = new ProviderGuard({ retryDelayMs: 1, halfOpenAfterMs: 60_000 });
    const gone = (): Promise<never> => Promise.reject(new CallerGone());
    for (let call = 0; call < 6; call++)
      await expect(guard.run(gone, 1, deadlineOf(60_000))).rejects.toThrow(CallerGone);
    expect(guard.isOpen).toBe(false);
  });

  it.each([
    [2_500, 2],
    [2_499, 1],
  ])("with %i ms left and a pause of 1 s between attempts, makes %i", async (ms, attempts) => {
    const work = jest.fn(fail);
    await expect(new ProviderGuard().run(work, 2, deadlineOf(ms))).rejects.toThrow("down");
    expect(work).toHaveBeenCalledTimes(attempts);
  });

  it("does not ask again after a refusal that another attempt cannot change", async () => {
    const work = jest.fn(() => Promise.reject(new WandError("GENERATION_FAILED", "refused (401)")));
    await expect(new ProviderGuard().run(work, 2, deadlineOf(60_000))).rejects.toThrow("401");
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([
    [1_500, true],
    [1_499, false],
  ])("with %i ms left, says that there is time for a model: %s", (ms, hasTime) => {
    expect(ProviderGuard.hasTime(deadlineOf(ms))).toBe(hasTime);
  });
});
