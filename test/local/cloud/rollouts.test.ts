import { askMember, deployPool, pushBuild } from "./pool";
import { eventually, startTestCloud, TestClock, type TestCloud } from "./support";

interface Rollout {
  id: string;
  status: string;
  steps: { status: string; step_size: { percentage: number } }[];
  progress: { current_step: number; updated_instances: number; total_instances: number };
  current_version: number;
  target_version: number;
}

const MEMBERS = ["a", "b", "c", "d"];

describe("Rollouts in the embedded cloud", () => {
  let test: TestCloud;
  let clock: TestClock;
  const lines: string[] = [];
  let application: string;
  let one: string;
  let two: string;

  beforeEach(async () => {
    clock = new TestClock();
    test = await startTestCloud({ clock, log: (line) => lines.push(line) });
    [one, two] = [await pushBuild(test, "one"), await pushBuild(test, "two")];
    application = await deployPool(test, one);
  });
  afterEach(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const path = (rest = "") => `/accounts/${test.accountId}/containers/applications/${application}${rest}`;
  const post = (body: object = {}) =>
    test.api("POST", path("/rollouts"), {
      description: "Progressive update",
      strategy: "rolling",
      kind: "full_auto",
      target_configuration: { image: two },
      ...body,
    });
  const begin = async (body?: object): Promise<Rollout> => (await post(body)).body.result;
  const read = async (id: string): Promise<Rollout> => (await test.api("GET", path(`/rollouts/${id}`))).body.result;
  const act = (id: string, action: string) => test.api("POST", path(`/rollouts/${id}`), { action });
  const until = (id: string, status: string) =>
    eventually(async () => {
      const rollout = await read(id);
      return rollout.status === status && rollout;
    });
  const settledAt = (id: string, step: number) =>
    eventually(async () => {
      const rollout = await read(id);
      return (
        rollout.progress.current_step === step &&
        rollout.steps.every(({ status }) => status !== "progressing") &&
        rollout
      );
    });
  const answers = () => Promise.all(MEMBERS.map(async (member) => (await askMember(test, member)).text));
  /** Each container's place between 0 and 99, by its object's id: a step has those below its percentage. Ascending. */
  async function sharesOfRunning(): Promise<number[]> {
    const { instances } = (await test.api("GET", path("/instances"))).body.result as { instances: { id: string }[] };
    const shares = instances.map(({ id }) => Number.parseInt(id.slice(-64, -56), 16) % 100);
    return shares.toSorted((a, b) => a - b);
  }
  const live = async (): Promise<{ version: number; configuration: { image: string }; active_rollout_id?: string }> =>
    (await test.api("GET", path())).body.result;
  const refusalOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => {
    return { status, error: (JSON.parse(body.errors[0]?.message ?? "{}") as { error?: string }).error };
  };

  it("replaces running containers by the new image, and lets them finish what they had begun", async () => {
    expect(await answers()).toEqual(["one", "one", "one", "one"]);
    const inFlight = askMember(test, "a", "?wait=600");
    await eventually(async () => lines.some((line) => line.includes("took /a?wait=600")));
    const begun = await begin({ step_percentage: 50 });
    expect(begun).toMatchObject({ status: "pending", current_version: 1, target_version: 2 });
    expect(begun.steps.map(({ step_size }) => step_size.percentage)).toEqual([50, 100]);

    const done = await until(begun.id, "completed");
    expect(await inFlight).toEqual({ status: 200, text: "one" });
    expect(done.steps.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(await answers()).toEqual(["two", "two", "two", "two"]);
    expect(await live()).toMatchObject({ version: 2, configuration: { image: two, instance_type: "lite" } });
    expect(await live()).not.toHaveProperty("active_rollout_id");
    expect((await test.api("GET", path("/rollouts"))).body.result).toMatchObject([{ id: begun.id }]);
  }, 60_000);

  it("moves by hand: next, previous and revert; what is done is done", async () => {
    await answers();
    const shares = await sharesOfRunning();
    const between = shares[2] ?? 0;
    const steps = [between, 100].map((percentage) => ({ step_size: { percentage }, description: `${percentage} %` }));
    const { id } = await begin({ kind: "full_manual", steps });
    expect(await live()).toMatchObject({ version: 1, active_rollout_id: id });
    expect(refusalOf(await act(id, "previous"))).toEqual({ status: 400, error: "VALIDATE_INPUT" });
    expect(await answers()).toEqual(["one", "one", "one", "one"]);

    const moved = (await act(id, "next")).body.result as { success: boolean; rollout: Rollout };
    expect(moved).toMatchObject({ success: true, rollout: { id } });
    expect(await settledAt(id, 1)).toMatchObject({ status: "progressing" });
    const half = await answers();
    const [moving, staying] = [shares.filter((share) => share < between), shares.filter((share) => share >= between)];
    expect(half.toSorted()).toEqual([...staying.map(() => "one"), ...moving.map(() => "two")]);
    const versions = (await test.api("GET", path("/versions"))).body.result as {
      version: number;
      percentage: number;
    }[];
    expect(versions.map(({ version, percentage }) => [version, percentage])).toEqual([
      [1, 100 - between],
      [2, between],
    ]);

    await test.restart();
    expect(await answers()).toEqual(half);
    expect(refusalOf(await test.api("DELETE", path(`/rollouts/${id}`)))).toEqual({
      status: 400,
      error: "VALIDATE_INPUT",
    });
    await act(id, "revert");
    expect((await until(id, "reverted")).steps.map(({ status }) => status)).toEqual(["reverted", "reverted"]);
    expect(await answers()).toEqual(["one", "one", "one", "one"]);
    expect(await live()).toMatchObject({ version: 1, configuration: { image: one } });
    expect(refusalOf(await act(id, "next"))).toEqual({ status: 400, error: "VALIDATE_INPUT" });
    expect((await test.api("DELETE", path(`/rollouts/${id}`))).status).toBe(200);
    expect((await test.api("GET", path(`/rollouts/${id}`))).status).toBe(404);
  }, 60_000);

  it("waits until a container is as old as the application demands, and goes on after a restart", async () => {
    await test.api("PATCH", path(), { rollout_active_grace_period: 3600 });
    expect((await askMember(test, "a")).text).toBe("one");
    const { id } = await begin();
    await eventually(async () => clock.waiting > 1);
    expect(await read(id)).toMatchObject({
      status: "progressing",
      progress: { updated_instances: 0, total_instances: 1 },
    });
    expect((await askMember(test, "a")).text).toBe("one");
    expect((await askMember(test, "new")).text).toBe("two");
    clock.move(3_600_000);
    await until(id, "completed");
    expect((await askMember(test, "a")).text).toBe("two");

    await test.api("PATCH", path(), { rollout_active_grace_period: 86_400 });
    const back = await begin({ target_configuration: { image: one } });
    await eventually(async () => clock.waiting > 1);
    await test.restart(); // ends every container, so that none is too young
    await until(back.id, "completed");
    expect((await askMember(test, "a")).text).toBe("one");
  }, 60_000);

  it("gives way to a newer rollout", async () => {
    const first = await begin({ kind: "full_manual" });
    const second = await begin({ target_configuration: { environment_variables: [{ name: "SUFFIX", value: "!" }] } });
    expect(second).toMatchObject({ current_version: 1, target_version: 3 });
    await until(second.id, "completed");
    expect(await read(first.id)).toMatchObject({ status: "replaced" });
    expect((await askMember(test, "a")).text).toBe("two!");
  }, 60_000);

  it("refuses an image that its registry does not have, also under the registry's own address", async () => {
    const address = new URL(test.cloud.registryUrl).host;
    const own = two.replace("registry.cloudflare.com", address);
    for (const image of [two.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")), own.replace("members", "none")]) {
      const refused = refusalOf(await post({ target_configuration: { image } }));
      expect(refused).toEqual({ status: 400, error: "IMAGE_REGISTRY_DOESNT_CONTAIN_IMAGE" });
    }
    expect(await live()).toMatchObject({ version: 1, configuration: { image: one } });
    const { id } = await begin({ target_configuration: { image: own } });
    await until(id, "completed");
    expect((await askMember(test, "a")).text).toBe("two");
  }, 60_000);

  it("keeps answering 503 where the new image's process ends at once, until the former image is back", async () => {
    const broken = await pushBuild(test, "broken", "process.exit(3);");
    await until((await begin({ target_configuration: { image: broken } })).id, "completed");
    expect((await askMember(test, "a")).status).toBe(503);
    expect((await askMember(test, "a")).status).toBe(503);
    await until((await begin({ target_configuration: { image: one } })).id, "completed");
    expect((await askMember(test, "a")).text).toBe("one");
  }, 60_000);
});
