import type { Deadline } from "../../../runtime/container/deadline";
import { Answer } from "../../../runtime/container/llm/answer";
import { retryAfter, toModelError } from "../../../runtime/container/llm/apiError";
import { FAULTS, type FaultCode } from "../../../runtime/contract/errors";
import { silenceMs, watchSilence } from "../../../runtime/container/llm/silence";

const STALL_MS = 25_000;

describe("how long a model may be silent", () => {
  it.each<[string, number, boolean, number]>([
    ["25 s, with a minute left", 60_000, true, 25_000],
    ["25 s, with exactly as much left as leaves the next one its part", 33_000, true, 25_000],
    ["less, so that the next one has 8 s", 29_700, true, 21_700],
    ["half of what is left, when that is little", 10_000, true, 5_000],
    ["half, when that is just enough for a model", 3_000, true, 1_500],
    ["all of it, when half would be too little for a model", 2_999, true, 2_999],
    ["all of it, when there is no other model", 10_000, false, 10_000],
    ["25 s at most, when there is no other model", 60_000, false, 25_000],
    ["nothing, when nothing is left", -5, true, 0],
  ])("is %s", (_name, leftMs, hasNext, expected) => {
    expect(silenceMs(leftMs, STALL_MS, hasNext)).toBe(expected);
  });

  it("is counted from the request and again from each token", () => {
    jest.useFakeTimers();
    try {
      const deadline: Deadline = { modelMs: () => 60_000, callerGone: new AbortController().signal };
      const watch = watchSilence(deadline, STALL_MS, false);
      for (let token = 0; token < 5; token++) {
        jest.advanceTimersByTime(STALL_MS - 1);
        expect(watch.signal.aborted).toBe(false);
        watch.heard();
      }
      jest.advanceTimersByTime(STALL_MS - 1);
      expect(watch.signal.aborted).toBe(false);
      jest.advanceTimersByTime(1);
      expect(watch.signal.aborted).toBe(true);
      expect(watch.signal.reason).toMatchObject({ code: "TIMEOUT" });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it("is not listened to any more when the call is over", () => {
    jest.useFakeTimers();
    try {
      const watch = watchSilence({ modelMs: () => 60_000, callerGone: new AbortController().signal }, STALL_MS, true);
      watch.end();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("what a Retry-After asks for", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  it.each<[string | null, number | undefined]>([
    ["3", 3_000],
    ["0", 0],
    ["1.5", 1_500],
    ["Sat, 21 Nov 2026 12:00:07 GMT", 7_000],
    ["Saturday, 21-Nov-26 12:00:07 GMT", 7_000],
    ["Sat, 21 Nov 2026 11:59:00 GMT", 0],
    ["-3", undefined],
    ["2026", 2_026_000],
    ["soon", undefined],
    ["Sat, 99 Foo 2026", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j is %j ms", (header, expected) => {
    expect(retryAfter(header, now)).toBe(expected);
  });
});

describe("what an SDK throws", () => {
  const quiet = new AbortController().signal;
  it.each<[number | undefined, string]>([
    [429, "RATE_LIMITED"],
    [500, "MODEL_UNAVAILABLE"],
    [529, "MODEL_UNAVAILABLE"],
    [408, "MODEL_UNAVAILABLE"],
    [409, "MODEL_UNAVAILABLE"],
    [undefined, "MODEL_UNAVAILABLE"],
    [400, "GENERATION_FAILED"],
    [401, "GENERATION_FAILED"],
    [422, "GENERATION_FAILED"],
  ])("with the status %s is %s, and quotes nothing", (status, code) => {
    const error = toModelError({ status, message: "key sk-secret" }, quiet);
    expect(error).toMatchObject({ code });
    expect(String(error.message) + String(error.cause)).not.toContain("sk-secret");
  });

  it("in the middle of a stream, for the rate, is RATE_LIMITED", () => {
    expect(toModelError({ type: "rate_limit_error" }, quiet)).toMatchObject({ code: "RATE_LIMITED" });
    expect(toModelError({ type: "overloaded_error" }, quiet)).toMatchObject({ code: "MODEL_UNAVAILABLE" });
  });
});

describe("the codes of the generator's wire contract", () => {
  it.each<[FaultCode, number, boolean, "model" | "caller" | "ours"]>([
    ["RATE_LIMITED", 429, true, "model"],
    ["MODEL_UNAVAILABLE", 503, true, "model"],
    ["INVALID_PERSONA", 400, false, "caller"],
    ["GENERATION_FAILED", 500, true, "model"],
    ["TIMEOUT", 504, true, "model"],
    ["KV_WRITE_FAILED", 500, true, "ours"],
    ["CONTAINER_ERROR", 500, true, "ours"],
    ["COMPONENT_TIMEOUT", 200, true, "model"],
  ])("%s: %i, retryable %s, fault of the %s", (code, status, retryable, fault) => {
    expect(FAULTS[code]).toEqual({ status, retryable, fault });
  });
});

describe("an answer while it arrives", () => {
  const prompt = { system: "x".repeat(300), user: "y".repeat(100), maxTokens: 10 };

  it("takes what its API counted, and an estimate where that did not come", () => {
    const answer = new Answer(prompt);
    expect(answer.tokens).toEqual({ prompt: 0, completion: 0 });
    answer.take("z".repeat(10));
    expect(answer.tokens).toEqual({ prompt: 100, completion: 3 });
    answer.count("prompt", 77);
    answer.count("completion", 5);
    for (const wrong of ["many", -1, 1.5, 1e15, Number.NaN]) answer.count("completion", wrong);
    expect(answer.tokens).toEqual({ prompt: 77, completion: 5 });
  });

  it("has its first token from a thought too, and none from what is no text or white space alone", () => {
    const heard = jest.fn();
    const answer = new Answer(prompt, heard);
    for (const nothing of ["", null, undefined, 7, {}]) answer.take(nothing);
    expect(answer.ttftMs).toBeNull();
    answer.thinks(" \n");
    answer.take("  ");
    expect(answer.text).toBe("  ");
    expect(heard).not.toHaveBeenCalled();
    answer.thinks("hm");
    expect(answer.ttftMs).not.toBeNull();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("may have a million characters and not one more", () => {
    const answer = new Answer(prompt);
    answer.take("x".repeat(1_000_000));
    expect(() => answer.take("x")).toThrow("longer than a page can be");
    expect(answer.isTooLong).toBe(true);
  });
});
