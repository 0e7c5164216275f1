import { NotReadyError } from "../../../infra/providers/errors";
import { askMembers } from "../../../infra/providers/rollout/members";
import { stepsFor } from "../../../infra/providers/rollout/rollouts";
import type { Answer, Received } from "../httpDouble";
import { APPLICATION, ContainerDouble, imageOf, TOKEN, URN } from "./containerDouble";
import { ACCOUNT } from "./setup";

let double: ContainerDouble;
beforeEach(async () => {
  double = await ContainerDouble.start();
});
afterEach(() => double.http.close());

const verification = (changes: object = {}) => ({
  url: double.url,
  token: TOKEN,
  members: 3,
  buildId: "b",
  timeoutSeconds: 60,
  ...changes,
});
const inputs = (changes: object = {}) => ({
  accountId: ACCOUNT,
  name: "wandstore-dev-generator",
  namespaceId: "n".repeat(32),
  image: imageOf("a"),
  instanceType: "lite",
  maxInstances: 3,
  ...changes,
});
const olds = (changes: object = {}) => inputs({ applicationId: "app-1", verifiedBuildId: "a", ...changes });
const update = (from: object, to: object) => double.provider.update("app-1", URN, from as never, to as never);
const toB = (changes?: object) => inputs({ image: imageOf("b"), verification: verification(changes) });
const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error("it worked")),
    (error: Error) => error,
  );
const isPost = ({ method, path }: Received): boolean => method === "POST" && path === `${APPLICATION}/rollouts`;

test.each([
  [1, [100]],
  [2, [10, 100]],
  [50, [10, 100]],
])("%i containers are rolled out in steps of %j percent", (maxInstances, steps) => {
  expect(stepsFor(maxInstances)).toEqual(steps);
});

test("an update ends when every member answers the new build, asked with the admin token", async () => {
  let rounds = 0;
  double.member = (index) => (index === 2 && ++rounds < 3 ? { status: 503, code: "CONTAINER_ERROR" } : { build: "b" });
  const { outs } = await update(olds(), toB());
  expect(outs).toMatchObject({ applicationId: "app-1", verifiedBuildId: "b", image: imageOf("b") });
  expect(double.changes).toEqual(["POST /rollouts b"]);
  expect(double.asked("/api/pool/pool-2")).toBe(3);
  expect(double.seconds).toBe(1 + 2);
  expect([...double.http.authorizations]).toEqual(["Bearer t", `Bearer ${TOKEN}`]);
  expect(double.http.received.find(isPost)?.body).toMatchObject({
    strategy: "rolling",
    kind: "full_auto",
    steps: [
      { step_size: { percentage: 10 }, description: "Step 1 of 2 - rollout at 10% of instances" },
      { step_size: { percentage: 100 }, description: "Step 2 of 2 - rollout at 100% of instances" },
    ],
  });
});

test("without a verification nobody is asked, and nothing is said to be verified", async () => {
  const { outs } = await update(olds(), inputs({ image: imageOf("b") }));
  expect(outs).not.toHaveProperty("verifiedBuildId");
  expect(double.asked("/api/pool/pool-0")).toBe(0);
  const resized = await update(olds(), inputs({ maxInstances: 4 }));
  expect(resized.outs).toMatchObject({ verifiedBuildId: "a", maxInstances: 4 });
});

describe("how a rollout is watched", () => {
  test.each([
    ["new", { verification: undefined }, {}],
    ["gone", {}, { verification: undefined }],
    ["another", {}, { verification: { url: "https://other.example", token: "u", members: 9, timeoutSeconds: 9 } }],
    ["not known yet", {}, { verification: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }],
  ])("is no reason for one: %s", async (_what, before, after) => {
    const from = inputs({ verification: verification(), ...before });
    const to = inputs({ verification: verification(), ...after });
    expect(await double.provider.diff("app-1", URN, from as never, to as never)).toMatchObject({ changes: false });
  });

  test("its token is a secret in state, whatever was passed", async () => {
    const { outs } = await update(olds(), toB());
    expect(JSON.stringify(outs)).toContain(TOKEN);
    expect(outs?.verification.token).toMatchObject({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    });
  });
});

describe("a rollout that was begun already", () => {
  test("is not begun again where the image runs", async () => {
    double.image = imageOf("b");
    await update(olds(), toB());
    expect(double.changes).toEqual([]);
  });

  test("is gone on with where it is under way, as after an interrupted deployment", async () => {
    double.rollouts = [{ id: "r-2", status: "progressing", image: imageOf("b"), version: 2 }];
    double.member = () => ({ build: "b" });
    await update(olds(), toB());
    expect(double.changes).toEqual([]);
  });

  test("to another image is replaced, although the wanted one still seems to run", async () => {
    double.image = imageOf("b");
    double.rollouts = [{ id: "r-2", status: "progressing", image: imageOf("c"), version: 2 }];
    await update(olds(), toB());
    expect(double.changes).toEqual(["POST /rollouts b"]);
  });
});

describe("a lost answer to the rollout", () => {
  const lose = (request: Received): Answer | undefined => (isPost(request) ? "hang up" : undefined);

  test.each([
    ["among the rollouts", true, "completed"],
    ["as the active one", true, "progressing"],
    ["by the application's version, where the API shows no rollouts", false, "completed"],
  ])("is found %s, and no second one begun", async (_where, hasRollouts, becomes) => {
    Object.assign(double, { hasRollouts, becomes, instead: lose });
    double.member = () => ({ build: "b" });
    const { outs } = await update(olds(), toB());
    expect(outs).toMatchObject({ verifiedBuildId: "b" });
    expect(double.changes).toEqual(["POST /rollouts b"]);
  });

  test("of a request that never got through stays an error, and an older rollout to the same image is not taken for it", async () => {
    double.rollouts = [{ id: "r-1", status: "completed", image: imageOf("b"), version: 1 }];
    double.instead = (request) => (isPost(request) ? { status: 502, raw: "bad gateway" } : undefined);
    expect((await failure(update(olds(), toB()))).message).toContain("POST");
    expect(double.changes).toEqual(["POST /rollouts b"]);
    expect(double.asked("/api/pool/pool-0")).toBe(0);
  });
});

describe("an update whose members do not all answer the new build in time", () => {
  beforeEach(() => {
    // Member 1 stays on the old build and member 2 has no instance, until the former image is back.
    double.member = (index) => {
      if (double.letter === "a" || index === 1) return { build: "a" };
      return index === 2 ? { status: 503, code: "CONTAINER_ERROR" } : { build: "b" };
    };
  });

  test("returns to the former image, waits for it, and names members, answers, expectation and deed", async () => {
    const error = await failure(update(olds(), toB()));
    expect(error).not.toBeInstanceOf(NotReadyError);
    expect(error.message).toContain("Not all members of wandstore-dev-generator answered build b within 60 s");
    expect(error.message).toContain(
      "pool-0 answered build b; pool-1 answered build a; pool-2 answered 503 CONTAINER_ERROR.",
    );
    expect(error.message).toContain(`The former image ${imageOf("a")} is back: all members answer build a.`);
    expect(error.message).toContain("pool.verify.timeoutSeconds");
    expect(error.message).not.toContain(TOKEN);
    expect(error.message).not.toContain("secret-in-a-body");
    expect(double.changes).toEqual(["POST /rollouts b", "POST /rollouts a"]);
    expect(double.seconds).toBe(60);
  });

  test("stops a rollout that is still going on instead of starting another", async () => {
    double.becomes = "progressing";
    double.member = () => ({ build: "a" });
    const error = await failure(update(olds(), toB()));
    expect(double.changes).toEqual(["POST /rollouts b", "POST /rollouts/r-2 revert"]);
    expect(error.message).toContain("is back: all members answer build a");
  });

  test.each([
    ["refuses to stop it", { status: 400, error: { code: 1000, message: "no" } }],
    ["loses the answer to the stop", { status: 502, raw: "bad gateway" }],
  ] as const)("rolls the former image out where the API %s", async (_what, answer) => {
    double.becomes = "progressing";
    double.instead = ({ path }) => {
      if (!path.endsWith("/rollouts/r-2") || double.http.received.at(-1)?.method !== "POST") return undefined;
      double.becomes = "completed";
      return answer;
    };
    await failure(update(olds(), toB()));
    expect(double.changes).toEqual(["POST /rollouts b", "POST /rollouts/r-2 revert", "POST /rollouts a"]);
  });

  test("takes the former size back with the image", async () => {
    const error = await failure(update(olds(), { ...toB({ members: 5 }), maxInstances: 5 }));
    expect(double.changes).toEqual(["PATCH 5", "POST /rollouts b", "PATCH 3", "POST /rollouts a"]);
    expect(error.message).toContain("all members answer build a"); // the three that the former size has
  });

  test("says so when the former image does not come back", async () => {
    double.instead = (request) => {
      const target = (request.body as { target_configuration?: { image: string } } | undefined)?.target_configuration;
      return target?.image === imageOf("a")
        ? { status: 400, error: { code: 1000, message: '{"error":"NO_QUOTA"}' } }
        : undefined;
    };
    const error = await failure(update(olds(), toB()));
    expect(error.message).toMatch(/Not all members.*could not be put back.*NO_QUOTA/s);
  });

  test("says who does not answer when the former image is back for some only", async () => {
    double.member = (index) => (index === 1 ? { status: 500 } : { build: double.letter });
    const error = await failure(update(olds(), toB()));
    expect(error.message).toContain(
      "was put back, but not all members answer so yet: pool-0, pool-2 answered build a; pool-1 answered 500.",
    );
    expect(double.seconds).toBe(120);
  });
});

test("what a member said last is told, not that it fell silent in the end", async () => {
  double.member = () => (double.seconds < 10 ? { status: 503, code: "CONTAINER_ERROR" } : "hang up");
  const error = await failure(update(olds(), toB()));
  expect(error.message).toContain("within 60 s: pool-0, pool-1, pool-2 answered 503 CONTAINER_ERROR.");
});

test("a size that the members cannot reach is taken back alone", async () => {
  double.member = (index) => (index < 3 ? { build: "a" } : { status: 503 });
  const error = await failure(
    update(olds(), inputs({ maxInstances: 4, verification: verification({ members: 4, buildId: "a" }) })),
  );
  expect(error.message).toContain("The former size of 3 containers is back");
  expect(double.changes).toEqual(["PATCH 4", "PATCH 3"]);
});

describe("a Worker that lets nobody through", () => {
  test.each([
    ["404", () => ({ status: 404 }) as const, /404.*admin token.*older version/s],
    ["nothing", () => "hang up" as const, /gave no answer.*leads to the Worker/s],
  ])("is said early, and the former image comes back: it answers %s", async (_what, member, message) => {
    double.member = member;
    const error = await failure(update(olds(), toB({ timeoutSeconds: 600 })));
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`The former image ${imageOf("a")} was put back`);
    expect(double.seconds).toBeGreaterThanOrEqual(120);
    expect(double.seconds).toBeLessThan(150);
  });

  test("for the minute that a new Worker needs is waited for", async () => {
    double.member = () => (double.seconds < 90 ? { status: 404 } : { build: "b" });
    expect((await update(olds(), toB({ timeoutSeconds: 600 }))).outs).toMatchObject({ verifiedBuildId: "b" });
  });

  test("after it let one through is waited for to the end", async () => {
    double.member = (index) => (index === 0 && double.seconds < 5 ? { status: 503 } : { status: 404 });
    await failure(update(olds(), toB({ timeoutSeconds: 600 })));
    expect(double.seconds).toBeGreaterThanOrEqual(600);
  });
});

describe("without a build id", () => {
  test("the same new answer of all counts, once the rollout is over", async () => {
    double.becomes = "progressing";
    double.member = () => ({ build: "z" });
    double.instead = () => {
      const [rollout] = double.rollouts;
      if (rollout && double.seconds >= 7) Object.assign(rollout, { status: "completed" });
      return undefined;
    };
    expect((await update(olds(), toB({ buildId: undefined }))).outs).toMatchObject({ verifiedBuildId: "z" });
    expect(double.seconds).toBeGreaterThanOrEqual(7);
  });

  test("different answers do not", async () => {
    double.member = (index) => ({ build: double.letter === "a" ? "a" : `b${index}` });
    expect((await failure(update(olds(), toB({ buildId: undefined })))).message).toContain(
      "answered one new build within",
    );
  });

  test("the former answer of all does not, and the message says how to name the build", async () => {
    double.member = () => ({ build: "a" });
    const error = await failure(update(olds(), toB({ buildId: undefined })));
    expect(error.message).toContain("image.buildId");
  });
});

test("a build id that ran before proves nothing until the rollout is over", async () => {
  double.becomes = "progressing";
  double.member = () => ({ build: "b" });
  const error = await failure(update(olds({ verifiedBuildId: "b" }), toB()));
  expect(error.message).toContain("pool-0, pool-1, pool-2 answered build b");
});

test("where the API shows no rollouts, the application tells that one is over", async () => {
  double.hasRollouts = false;
  expect((await update(olds(), toB({ buildId: undefined }))).outs).toMatchObject({ verifiedBuildId: "b" });
});

test.each(["reverted", "replaced"])(
  "a rollout that somebody else %s is left alone, and that is said at once",
  async (status) => {
    double.becomes = "progressing";
    double.member = () => {
      Object.assign(double.rollouts[0] ?? {}, { status });
      double.image = imageOf("c"); // what that one brought
      return { build: "a" };
    };
    const error = await failure(update(olds(), toB()));
    expect(error.message).toContain("reverted or replaced by somebody else");
    expect(double.changes).toEqual(["POST /rollouts b"]);
    expect(double.seconds).toBe(0);
  },
);

test.each([
  ["a page of somebody else", { raw: "<html>sign in</html>" }],
  ["another member", { raw: JSON.stringify({ member: "pool-7", build_id: "b" }) }],
  ["an empty build id", { raw: JSON.stringify({ member: "pool-0", build_id: "" }) }],
])("%s is no answer", async (_what, answer) => {
  double.member = (index) => (index === 0 && double.letter === "b" ? answer : { build: double.letter });
  expect((await failure(update(olds(), toB()))).message).toContain("pool-0 answered 200, but without a build id");
});

test("four members at most are asked at once", async () => {
  let [open, most] = [0, 0];
  const answers = await askMembers(
    {
      now: () => 0,
      edge: async (url) => {
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        open -= 1;
        return { status: 200, body: JSON.stringify({ member: url.split("/").at(-1), build_id: "b" }) };
      },
    },
    { url: "https://shop.example/", token: TOKEN, members: 11, timeoutSeconds: 60 },
    60_000,
  );
  expect(most).toBe(4);
  expect(answers.map(({ member }) => member)).toEqual(Array.from({ length: 11 }, (_, index) => `pool-${index}`));
});

describe("a create whose members do not answer", () => {
  const create = () => double.provider.create(URN, inputs({ verification: verification({ buildId: "a" }) }));
  beforeEach(() => {
    double.instead = ({ method, path }) =>
      method === "POST" && !path.includes("app-1") ? { result: { id: "app-1" } } : undefined;
  });

  test("is kept, and not ready", async () => {
    double.member = () => ({ status: 503 });
    const error = (await failure(create())) as NotReadyError;
    expect(error).toBeInstanceOf(NotReadyError);
    expect([error.id, error.outputs]).toEqual(["app-1", expect.objectContaining({ applicationId: "app-1" })]);
    expect(error.reasons[0]).toContain("pool-0, pool-1, pool-2 answered 503");
  });

  test("is kept, and not ready, when the deployment is cancelled in the middle", async () => {
    const cancelled = new AbortController();
    double.member = () => {
      cancelled.abort(new Error("cancelled"));
      return { status: 503 };
    };
    const work = double.provider.create(URN, inputs({ verification: verification() }), { signal: cancelled.signal });
    expect(await failure(work)).toMatchObject({ id: "app-1", message: expect.stringContaining("cancelled") });
  });

  test("is looked at again by the next update, which changes nothing", async () => {
    double.member = () => ({ status: 503 });
    const same = inputs({ verification: verification({ buildId: "a" }) });
    const state = { ...same, applicationId: "app-1" };
    expect(await failure(update(state, same))).toBeInstanceOf(NotReadyError);
    double.member = () => ({ build: "a" });
    expect((await update(state, same)).outs).toMatchObject({ verifiedBuildId: "a" });
    expect(double.changes).toEqual([]);
  });
});
