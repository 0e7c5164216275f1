import { keyOf } from "../../../../runtime/worker/metrics/series";
import { Edge, eventually } from "../harness";
import { Receiver } from "./receiver";

const SECRET_PATH = "/hooks/T0SECRET/b1-planted";
const MINUTE = 60_000;
const edge = new Edge();
const receiver = new Receiver();

/** What of the object of figures its neighbours call; its own type needs those of Workers. */
interface Figures {
  add(counts: Record<string, number>, gauges: object, at: number): Promise<void>;
  text(): Promise<string>;
  judge(now: number): Promise<void>;
}

async function figures(): Promise<Figures> {
  const namespace = await edge.mf.getDurableObjectNamespace("METRICS");
  return namespace.get(namespace.idFromName("metrics")) as unknown as Figures;
}

const call = (outcome: string) => keyOf({ metric: "model_calls_total", labels: { model: "m", outcome } });
const fail = async (at: number) => (await figures()).add({ [call("TIMEOUT")]: 50, [call("ok")]: 50 }, {}, at);
const judge = async (at: number) => (await figures()).judge(at);

beforeAll(async () => {
  const url = (await receiver.listen()) + SECRET_PATH;
  await edge.start({ ALERT_WEBHOOK_URL: url });
});
afterAll(async () => {
  await edge.stop();
  await receiver.close();
});

describe("an alert of a stack with a receiver", () => {
  const start = Date.now();

  it("is told by the object's own alarm, with its runbook, once", async () => {
    await fail(start - 10 * MINUTE);
    await eventually(async () => (receiver.taken.length > 0 ? true : undefined), "the notice");
    const [{ notice, headers, path } = { notice: undefined, headers: {}, path: "" }] = receiver.taken;
    expect(path).toBe(SECRET_PATH);
    expect(notice).toEqual({
      version: 1,
      status: "firing",
      text: expect.stringMatching(
        /^\[firing\] model-errors \(critical, test\): share of the calls .*: 50 % \(alert above 5 %\), 100 calls in the last 15 min\. Runbook: docs\/runbooks\/model-errors\.md$/,
      ) as string,
      alert: "model-errors",
      severity: "critical",
      value: 50,
      threshold: 5,
      unit: "percent",
      samples: 100,
      window_seconds: 900,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/) as string,
      until: null,
      reason: null,
      runbook: "docs/runbooks/model-errors.md",
      environment: "test",
      build_id: "testbuild",
      dedup_key: expect.stringMatching(/^wandstore\/test\/model-errors\/\d+$/) as string,
    });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "idempotency-key": `${notice?.dedup_key}/firing`,
    });
  });

  it("is not told again while it lasts, however often it is judged, by this process or the next", async () => {
    for (let minute = 0; minute < 4; minute++) {
      await fail(start + minute * MINUTE);
      await Promise.all([judge(start + minute * MINUTE), judge(start + minute * MINUTE)]);
    }
    await edge.restart();
    for (let minute = 4; minute < 8; minute++) {
      await fail(start + minute * MINUTE);
      await judge(start + minute * MINUTE);
    }
    expect(receiver.told).toEqual(["model-errors firing"]);
    expect(receiver.asked).toBe(1);
  });

  it("has its end told once, when a restart and a receiver that is down came between", async () => {
    receiver.answer = 503;
    await judge(start + 40 * MINUTE);
    expect(receiver.asked).toBe(2);
    await edge.restart();
    // Sooner than it may be asked again.
    await judge(start + 40 * MINUTE + 1_000);
    expect(receiver.asked).toBe(2);
    receiver.answer = 302;
    await judge(start + 41 * MINUTE);
    expect(receiver.asked).toBe(3);
    receiver.answer = 200;
    await judge(start + 41 * MINUTE + 59_000);
    expect(receiver.asked).toBe(3);
    await judge(start + 42 * MINUTE);
    await judge(start + 60 * MINUTE);
    expect(receiver.told).toEqual(["model-errors firing", "model-errors resolved"]);
    const [begun, ended] = receiver.taken.map(({ notice }) => notice);
    expect(ended).toMatchObject({
      since: begun?.since,
      dedup_key: begun?.dedup_key,
      reason: "too_few_samples",
      value: null,
    });
    expect(Date.parse(ended?.until ?? "")).toBeGreaterThan(Date.parse(begun?.since ?? ""));
  });

  it("that comes back is another one, whose end waits until its beginning was taken", async () => {
    receiver.answer = "hang";
    await fail(start + 100 * MINUTE);
    const hung = judge(start + 107 * MINUTE);
    await eventually(async () => (receiver.asked > 4 ? true : undefined), "the receiver to be asked");
    // The process dies while the receiver has the notice and says nothing.
    await edge.restart();
    await hung.catch(() => undefined);
    receiver.answer = 500;
    await judge(start + 140 * MINUTE);
    receiver.answer = 204;
    await judge(start + 141 * MINUTE);
    expect(receiver.told.slice(2)).toEqual(["model-errors firing", "model-errors resolved"]);
    const keys = receiver.taken.map(({ notice }) => notice.dedup_key);
    expect([keys[0] === keys[1], keys[2] === keys[3], keys[1] === keys[2]]).toEqual([true, true, false]);
  });

  it("leaves nothing of the receiver's address in the log", () => {
    const log = edge.log.join("");
    expect(log).toContain('"receiver":"answered 503"');
    expect(log).not.toMatch(/T0SECRET|planted|\/hooks\//);
  });
});

describe("a stack without a receiver", () => {
  it("judges all the same, and says so in its figures", async () => {
    await edge.restart({ ALERT_WEBHOOK_URL: "" });
    const before = receiver.asked;
    const now = Date.now();
    await fail(now + 1_000 * MINUTE);
    await judge(now + 1_010 * MINUTE);
    const text = await (await figures()).text();
    expect(text).toContain('wandstore_alert_firing{alert="model-errors"} 1\n');
    expect(text).toContain('wandstore_alert_value{alert="model-errors"} 50\n');
    expect(text).toContain("wandstore_alert_notices_waiting 0\n");
    expect(receiver.asked).toBe(before);
  });
});
