import { askInTurn } from "../../../../runtime/worker/pool/askInTurn";

const MEMBERS = ["pool-2", "pool-0", "pool-3"];

type Answer = (member: string) => Promise<Response>;
const takes: Answer = async (member) =>
  Response.json({ job_id: `job-at-${member}`, member, position: 1 }, { status: 202 });
const full =
  (seconds?: number): Answer =>
  async () =>
    Response.json(
      { error: { code: "QUEUE_FULL" } },
      { status: 429, headers: seconds === undefined ? {} : { "Retry-After": String(seconds) } },
    );
const overloaded: Answer = () =>
  Promise.reject(Object.assign(new Error("Durable Object is overloaded."), { overloaded: true }));
const broken: Answer = async () => new Response("error code: 1101", { status: 500 });

/** Asks members that answer so, in turn; says what came of it, and of whom. */
async function ask(...answers: Answer[]) {
  const [asked, refused, failed]: string[][] = [[], [], []];
  const answer = await askInTurn(MEMBERS, {
    send: (member) => {
      asked!.push(member);
      return answers[MEMBERS.indexOf(member)]!(member);
    },
    onRefused: (member) => void refused!.push(member),
    onFailed: (member) => void failed!.push(member),
  });
  return { answer, asked, refused, failed };
}

describe("a job", () => {
  it("stays with its owner, and nobody else is asked", async () => {
    expect(await ask(takes, takes, takes)).toMatchObject({ answer: { member: "pool-2" }, asked: ["pool-2"] });
  });

  it.each<[string, Answer, "refused" | "failed"]>([
    ["is full", full(3), "refused"],
    ["is overloaded", overloaded, "failed"],
    ["answers what it should not", broken, "failed"],
    ["answers no JSON", async () => new Response("hello", { status: 202 }), "failed"],
    ["answers another shape", async () => Response.json({ ok: true }, { status: 202 }), "failed"],
  ])("whose owner %s goes to the next member", async (_why, owner, how) => {
    expect(await ask(owner, takes, takes)).toMatchObject({
      answer: { job_id: "job-at-pool-0", member: "pool-0", position: 1 },
      asked: ["pool-2", "pool-0"],
      [how]: ["pool-2"],
    });
  });

  it("goes to the third after two that fail, each in its way", async () => {
    expect(await ask(overloaded, full(3), takes)).toMatchObject({ answer: { member: "pool-3" }, asked: MEMBERS });
  });

  it("that nobody takes may come back when the first of them has room", async () => {
    expect(await ask(full(9), full(4), full(7))).toMatchObject({ answer: { retryAfter: 4 }, refused: MEMBERS });
    expect((await ask(overloaded, broken, full(7))).answer).toEqual({ retryAfter: 7 });
    expect(await ask(overloaded, broken, broken)).toMatchObject({ answer: { retryAfter: 5 }, failed: MEMBERS });
    expect((await ask(full(), full(), full())).answer).toEqual({ retryAfter: 5 });
  });

  it("of a shopper who was erased meanwhile is offered to nobody else", async () => {
    const erased: Answer = async () => Response.json({ error: { code: "ERASED" } }, { status: 410 });
    expect(await ask(full(3), erased, takes)).toEqual({
      answer: { erased: true },
      asked: ["pool-2", "pool-0"],
      refused: ["pool-2"],
      failed: [],
    });
  });

  it("goes past a member that says nothing", async () => {
    jest.useFakeTimers();
    try {
      const asking = ask(() => new Promise(() => undefined), takes, takes);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(await asking).toMatchObject({ answer: { member: "pool-0" }, failed: ["pool-2"] });
    } finally {
      jest.useRealTimers();
    }
  });
});
