import { previousOf, sharesOf } from "../../../infra/providers/rollout/shares";
import type { Answer, Received } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("WorkersDeployment");
const SCRIPT = "wandstore-dev-storefront";
const PATH = `/accounts/${ACCOUNT}/workers/scripts/${SCRIPT}/deployments`;
const REFUSED: Answer = { status: 400, error: { code: 10210, message: "Invalid deployment" } };

/** Shares by version, in the order they are sent: `{ b: 10, a: 90 }`. */
type Shares = Record<string, number>;
let deployments: { id: string; versions: { version_id: string; percentage: number }[] }[]; // newest first
let refuse: (request: Received) => Answer | undefined;
let tested: Tested;

const deploy = (shares: Shares) =>
  deployments.unshift({
    id: `d-${deployments.length + 1}`,
    versions: Object.entries(shares).map(([version_id, percentage]) => ({ version_id, percentage })),
  });
const answer = (request: Received): Answer => {
  const refused = refuse(request);
  if (refused !== undefined && refused !== "hang up") return refused;
  if (request.method === "POST") {
    deployments.unshift({ id: `d-${deployments.length + 1}`, ...(request.body as { versions: never }) });
  }
  if (refused) return refused;
  return request.method === "POST" ? { result: deployments[0] } : { result: { deployments } };
};
beforeEach(async () => {
  deployments = [];
  refuse = () => undefined;
  tested = await testProvider(answer);
});
afterEach(() => tested.double.close());

const inputs = (versionId: string, percentage = 100) => ({
  accountId: ACCOUNT,
  scriptName: SCRIPT,
  versionId,
  percentage,
});
const create = (versionId: string, percentage?: number) => tested.provider.create(URN, inputs(versionId, percentage));
const update = async (olds: object, versionId: string, percentage?: number): Promise<Record<string, unknown>> =>
  (await tested.provider.update("id", URN, olds as never, inputs(versionId, percentage))).outs ?? {};
const live = (): Shares =>
  Object.fromEntries((deployments[0]?.versions ?? []).map(({ version_id, percentage }) => [version_id, percentage]));
const posts = () => tested.double.received.filter(({ method }) => method === "POST");

test("the first version gets everything, whatever was asked", async () => {
  const { id, outs } = await create("version-a", 10);
  expect(live()).toEqual({ "version-a": 100 });
  expect(id).toBe(`${ACCOUNT}/${SCRIPT}`);
  expect(outs).toEqual({
    ...inputs("version-a", 10),
    deploymentId: "d-1",
    versions: [{ versionId: "version-a", percentage: 100 }],
  });
  expect(posts()[0]?.body).toEqual({
    strategy: "percentage",
    versions: [{ version_id: "version-a", percentage: 100 }],
    annotations: { "workers/message": "WandStore: version- at 100 %" },
  });
});

test("a Worker that Cloudflare does not know yet has no version before", async () => {
  refuse = ({ method }) => (method === "GET" ? NOT_FOUND : undefined);
  await create("a", 50);
  expect(live()).toEqual({ a: 100 });
});

describe("a gradual rollout", () => {
  test("goes up by steps beside the version before, in one order, and ends with the new version alone", async () => {
    deploy({ a: 100 });
    let { outs: state = {} } = await create("b", 10);
    expect([deployments[0]?.versions.map(({ version_id }) => version_id), live()]).toEqual([
      ["b", "a"],
      { b: 10, a: 90 },
    ]);
    expect(state).toMatchObject({ previousVersionId: "a", deploymentId: "d-2" });
    state = await update(state, "b", 60);
    expect([deployments[0]?.versions.map(({ version_id }) => version_id), live()]).toEqual([
      ["b", "a"],
      { b: 60, a: 40 },
    ]);
    state = await update(state, "b", 100);
    expect(live()).toEqual({ b: 100 });
    expect(state).toMatchObject({ previousVersionId: "a", versions: [{ versionId: "b", percentage: 100 }] });
  });

  test("is taken back by a share of 0, in the middle and after the end", async () => {
    for (const shares of [{ b: 10, a: 90 }, { b: 100 }] as Shares[]) {
      deploy(shares);
      await update({ ...inputs("b", 10), previousVersionId: "a" }, "b", 0);
      expect(live()).toEqual({ a: 100 });
    }
  });

  test("gives way to a newer version without losing the stable one, even where the other has more", async () => {
    for (const shares of [
      { b: 10, a: 90 },
      { b: 90, a: 10 },
    ]) {
      deploy(shares);
      const state = await update({ ...inputs("b", 10), previousVersionId: "a" }, "c", 20);
      expect(live()).toEqual({ c: 20, a: 80 });
      expect(state).toMatchObject({ previousVersionId: "a" });
    }
  });

  test("that nobody remembers leaves the version with the largest share", async () => {
    deploy({ b: 10, a: 90 });
    await create("c", 20);
    expect(live()).toEqual({ c: 20, a: 80 });
  });

  test("of the version before is a way back, too", async () => {
    deploy({ b: 100 });
    expect(await update({ ...inputs("b"), previousVersionId: "a" }, "a")).toMatchObject({ previousVersionId: "b" });
    expect(live()).toEqual({ a: 100 });
  });

  test("keeps a pair in the order in which it is live, so that no object moves back and forth", () => {
    const pair = [
      { versionId: "a", percentage: 90 },
      { versionId: "b", percentage: 10 },
    ];
    expect(sharesOf("b", 50, "a", pair).map(({ versionId }) => versionId)).toEqual(["a", "b"]);
    expect(sharesOf("c", 50, "a", pair).map(({ versionId }) => versionId)).toEqual(["c", "a"]);
  });

  test("of another version does not go back to what its predecessor followed", () => {
    expect(
      previousOf("b", [{ versionId: "b", percentage: 100 }], { versionId: "a", previousVersionId: "z" }),
    ).toBeUndefined();
  });
});

test("what is live already is not deployed again", async () => {
  deploy({ a: 90, b: 10 });
  expect((await create("b", 10)).outs).toMatchObject({ deploymentId: "d-1", previousVersionId: "a" });
  expect(posts()).toEqual([]);
});

describe("a lost answer", () => {
  test("is resolved by reading back, and nothing is deployed twice", async () => {
    deploy({ a: 100 });
    refuse = ({ method }) => (method === "POST" ? "hang up" : undefined);
    expect((await create("b", 10)).outs).toMatchObject({ deploymentId: "d-2", previousVersionId: "a" });
    expect(posts()).toHaveLength(1);
  });

  test("of a request that never got through stays an error, without advice that does not fit", async () => {
    deploy({ a: 100 });
    refuse = ({ method }) => (method === "POST" ? { status: 502, raw: "bad gateway" } : undefined);
    await expect(create("b", 10)).rejects.toThrow(/502/);
    await expect(create("b", 10)).rejects.not.toThrow(/Durable Object/);
    expect(live()).toEqual({ a: 100 });
  });
});

test.each([
  ["beside another comes with advice", 10, 400, true],
  ["alone has no such advice", 100, 400, false],
  ["for want of a permission has no such advice", 10, 403, false],
])("a refusal of a version %s", async (_what, percentage, status, isAdvised) => {
  deploy({ a: 100 });
  refuse = ({ method }) => (method === "POST" ? { ...REFUSED, status } : undefined);
  const error = (await create("b", percentage).catch((refused: unknown) => refused)) as Error;
  expect(error).toMatchObject({ name: "CloudflareError", code: 10210 });
  expect(/Durable Object\s+migrations cannot run beside another: deploy it at 100 %/.test(error.message)).toBe(
    isAdvised,
  );
});

test("a former version comes back with its own secrets: that they changed since is no reason to refuse it", async () => {
  deploy({ b: 100 });
  refuse = ({ method, path }) =>
    method === "POST" && path === PATH
      ? { status: 400, error: { code: 10220, message: "secrets have changed" } }
      : undefined;
  await create("a");
  expect(posts().map(({ path }) => path)).toEqual([PATH, `${PATH}?force=true`]);
  expect(live()).toEqual({ a: 100 });
});

describe("read", () => {
  const read = async (state: object) => (await tested.provider.read("id", URN, state as never)).inputs;

  test.each<[string, object, Shares, object]>([
    ["a share changed by hand", { ...inputs("b", 10), previousVersionId: "a" }, { b: 50, a: 50 }, inputs("b", 50)],
    ["another version deployed by hand", { ...inputs("b"), previousVersionId: "a" }, { x: 100 }, inputs("x")],
    ["a rollout by hand between two others", inputs("b"), { x: 30, y: 70 }, inputs("y", 70)],
    ["no change where the share is 0", { ...inputs("b", 0), previousVersionId: "a" }, { a: 100 }, inputs("b", 0)],
    ["no change where there was no version before", inputs("a", 10), { a: 100 }, inputs("a", 10)],
    [
      "no change while a rollout is under way",
      { ...inputs("b", 10), previousVersionId: "a" },
      { a: 90, b: 10 },
      inputs("b", 10),
    ],
  ])("shows %s", async (_what, state, shares, expected) => {
    deploy(shares);
    expect(await read(state)).toEqual(expected);
  });

  test("finds nothing where there is no Worker, and no deployment", async () => {
    expect((await tested.provider.read("id", URN, inputs("a"))).id).toBe("");
    refuse = () => NOT_FOUND;
    expect((await tested.provider.read("id", URN, inputs("a"))).id).toBe("");
  });

  test("takes over what somebody else deployed: the import", async () => {
    deploy({ b: 10, a: 90 });
    const { id, inputs: found } = await tested.provider.read(`${ACCOUNT}/${SCRIPT}`, URN);
    expect([id, found]).toEqual([`${ACCOUNT}/${SCRIPT}`, inputs("a", 90)]);
  });
});

test("a share that is none is refused before anything is sent", async () => {
  for (const percentage of [-1, 101, 1.5]) {
    const { failures } = await tested.provider.check(URN, {}, inputs("a", percentage));
    expect(failures?.map(({ property }) => property)).toEqual(["percentage"]);
  }
  expect(await tested.provider.diff("id", URN, inputs("a"), inputs("b", 10))).toMatchObject({
    changes: true,
    replaces: [],
  });
});

test("a delete asks nothing of Cloudflare: deployments go with the Worker", async () => {
  await tested.provider.delete("id", URN, inputs("a"));
  expect(tested.double.received).toEqual([]);
});
