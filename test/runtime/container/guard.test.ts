import { BrokenCircuitError } from "cockatiel";
import { CallerGone, type Deadline } from "../../../runtime/container/deadline";
import { ModelBusy } from "../../../runtime/container/llm/apiError";
import { ProviderGuard, type Leave } from "../../../runtime/container/llm/guard";
import { WandError } from "../../../runtime/contract/errors";

const down = (retryAfterMs?: number) => (): Promise<never> =>
  Promise.reject(new ModelBusy("MODEL_UNAVAILABLE", "down", retryAfterMs));
const fail = down();
const succeed = (): Promise<string> => Promise.resolve("page");
const deadlineOf = (ms: number, callerGone = new AbortController().signal): Deadline => ({
  modelMs: () => ms,
  callerGone,
});
const leave = (changes: Partial<Leave> = {}): Leave => ({
  attempts: 1,
  deadline: deadlineOf(60_000),
  hasNext: false,
  ...changes,
});

const HALF_OPEN_AFTER_MS = 30_000;
let now: number;
beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(Date, "now").mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

/** A guard with the product's times, but no pause between attempts. */
const newGuard = (): ProviderGuard => new ProviderGuard({ retryDelayMs: 1, halfOpenAfterMs: HALF_OPEN_AFTER_MS });

/** One that has just opened. */
async function opened(): Promise<ProviderGuard> {
  const guard = newGuard();
  for (let call = 0; call < 5; call++) await expect(guard.run(fail, leave())).rejects.toThrow("down");
  return guard;
}

/** One that lets a trial through. */
async function halfOpen(): Promise<ProviderGuard> {
  const guard = await opened();
  now += HALF_OPEN_AFTER_MS;
  return guard;
}

describe("the breaker of a provider", () => {
  it("opens with the fifth failure in a row and not with the fourth", async () => {
    const guard = newGuard();
    for (let call = 0; call < 4; call++) await expect(guard.run(fail, leave())).rejects.toThrow("down");
    expect(guard.isOpen).toBe(false);
    await expect(guard.run(fail, leave())).rejects.toThrow("down");
    expect(guard.isOpen).toBe(true);
  });

  it("stays closed when a success comes between failures", async () => {
    const guard = newGuard();
    for (let round = 0; round < 3; round++) {
      for (let call = 0; call < 4; call++) await expect(guard.run(fail, leave())).rejects.toThrow("down");
      await guard.run(succeed, leave());
    }
    expect(guard.isOpen).toBe(false);
  });

  it("refuses at once, unasked, until 30 s have passed since it opened", async () => {
    const guard = await opened();
    now += HALF_OPEN_AFTER_MS - 1;
    const work = jest.fn(succeed);
    await expect(guard.run(work, leave({ attempts: 2 }))).rejects.toThrow(BrokenCircuitError);
    expect(work).not.toHaveBeenCalled();
    now += 1;
    await expect(guard.run(work, leave())).resolves.toBe("page");
  });

  it("closes with the third trial that succeeds and not with the second", async () => {
    const afterTwo = await halfOpen();
    for (let trial = 0; trial < 2; trial++) await afterTwo.run(succeed, leave());
    // A single failure opens it again: it was not closed.
    await expect(afterTwo.run(fail, leave())).rejects.toThrow("down");
    expect(afterTwo.isOpen).toBe(true);

    const afterThree = await halfOpen();
    for (let trial = 0; trial < 3; trial++) await afterThree.run(succeed, leave());
    for (let call = 0; call < 4; call++) await expect(afterThree.run(fail, leave())).rejects.toThrow("down");
    expect(afterThree.isOpen).toBe(false);
  });

  it("opens again, for another 30 s, with a trial that fails, and makes no second attempt then", async () => {
    const guard = await halfOpen();
    const work = jest.fn(fail);
    await expect(guard.run(work, leave({ attempts: 2 }))).rejects.toThrow("down");
    expect(work).toHaveBeenCalledTimes(1);
    now += HALF_OPEN_AFTER_MS - 1;
    await expect(guard.run(work, leave())).rejects.toThrow(BrokenCircuitError);
    now += 1;
    await expect(guard.run(succeed, leave())).resolves.toBe("page");
  });

  it("refuses a second call, instead of letting it wait, while a first one tries", async () => {
    const guard = await halfOpen();
    let answer = (): void => {};
    const trial = guard.run(() => new Promise<void>((resolve) => (answer = resolve)), leave());
    await expect(guard.run(succeed, leave())).rejects.toThrow(BrokenCircuitError);
    answer();
    await trial;
    await expect(guard.run(succeed, leave())).resolves.toBe("page");
  });

  it("does not count a caller who hung up as the model's failure", async () => {
    const guard = newGuard();
    const gone = (): Promise<never> => Promise.reject(new CallerGone());
    for (let call = 0; call < 6; call++) await expect(guard.run(gone, leave())).rejects.toThrow(CallerGone);
    expect(guard.isOpen).toBe(false);
  });

  it("is not closed by callers who hung up on its trials", async () => {
    const guard = await halfOpen();
    await expect(guard.run(() => Promise.reject(new CallerGone()), leave())).rejects.toThrow(CallerGone);
    expect(guard.isOpen).toBe(true);
  });
});

describe("the attempts at a provider", () => {
  it.each([
    [2_500, 2],
    [2_499, 1],
  ])("are, with %i ms left and a pause of 1 s between them, %i", async (ms, attempts) => {
    const work = jest.fn(fail);
    const guard = new ProviderGuard();
    await expect(guard.run(work, leave({ attempts: 2, deadline: deadlineOf(ms) }))).rejects.toThrow("down");
    expect(work).toHaveBeenCalledTimes(attempts);
  });

  it("are one after a refusal that another cannot change", async () => {
    const work = jest.fn(() => Promise.reject(new WandError("GENERATION_FAILED", "refused (401)")));
    await expect(newGuard().run(work, leave({ attempts: 2 }))).rejects.toThrow("401");
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each<[string, number, Partial<Leave>, number]>([
    ["a pause of 40 ms", 40, {}, 2],
    ["no pause", 0, { hasNext: true }, 2],
    ["a pause beyond the deadline", 58_501, {}, 1],
    ["a pause that leaves time for this model", 40, { deadline: deadlineOf(1_540) }, 2],
    ["a pause that leaves too little for this model", 40, { deadline: deadlineOf(1_539) }, 1],
    ["a pause that leaves time for this model and the next", 40, { deadline: deadlineOf(9_540), hasNext: true }, 2],
    ["a pause that leaves too little for the next model", 40, { deadline: deadlineOf(9_539), hasNext: true }, 1],
    ["a pause of more than 10 s, with another model to ask", 10_001, { hasNext: true }, 1],
  ])("heed %s that the API asks for", async (_name, retryAfterMs, changes, attempts) => {
    const work = jest.fn(down(retryAfterMs));
    const began = performance.now();
    await expect(newGuard().run(work, leave({ attempts: 2, ...changes }))).rejects.toThrow("down");
    expect(work).toHaveBeenCalledTimes(attempts);
    if (attempts === 2) expect(performance.now() - began).toBeGreaterThanOrEqual(retryAfterMs - 1);
  });

  it("end when the caller hangs up during the pause", async () => {
    const caller = new AbortController();
    const work = jest.fn(down(9_000));
    const run = newGuard().run(work, leave({ attempts: 2, deadline: deadlineOf(60_000, caller.signal) }));
    setImmediate(() => caller.abort(new CallerGone("gone")));
    await expect(run).rejects.toThrow(CallerGone);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it.each([
    [1_500, true],
    [1_499, false],
  ])("with %i ms left, have time enough: %s", (ms, hasTime) => {
    expect(ProviderGuard.hasTime(deadlineOf(ms))).toBe(hasTime);
  });
});
