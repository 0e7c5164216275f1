import { BUILD, changed, JournalDouble, beginOf, REF, refused, sceneOf, states } from "./double";

const WAVES = [["a"], ["b", "c"], ["d", "e"]];

test("goes wave by wave, and asks each shop for its new build before the next wave", async () => {
  const { engine, run, events } = sceneOf(WAVES, { parallel: 1 });
  const report = await run();
  expect(engine.log).toEqual(["up a", "ask a", "up b", "up c", "ask b", "ask c", "up d", "up e", "ask d", "ask e"]);
  expect(states(report)).toEqual(["a done", "b done", "c done", "d done", "e done"]);
  expect(report.shops[1]).toMatchObject({
    wave: 2,
    build: BUILD,
    address: "http://b",
    summary: { create: 3, same: 1 },
  });
  expect(events.filter(({ kind }) => kind === "wave")).toHaveLength(3);
  expect(report.stopped).toBeUndefined();
});

test("keeps to the number that may be under way at once", async () => {
  const { engine, run } = sceneOf([["a", "b", "c", "d", "e", "f", "g"]], { parallel: 3 });
  await run();
  expect(engine.most).toBe(3);
});

test("waits for a shop whose containers still answer with the former build", async () => {
  const { engine, run } = sceneOf([["a"]]);
  let asked = 0;
  engine.answers = () => ({ status: 200, builds: [(asked += 1) < 4 ? "b1" : BUILD] });
  expect(states(await run())).toEqual(["a done"]);
  expect(asked).toBe(4);
});

test.each([
  ["the former build", { status: 200, builds: ["b1"] }, "200 with build b1"],
  ["two builds", { status: 200, builds: [BUILD, "b1"] }, `200 with build ${BUILD}, b1`],
  ["no build", { status: 200, builds: [] }, "200, with no word of its build"],
  ["a failure", { status: 503, builds: [BUILD] }, `503 with build ${BUILD}`],
])("stops after the wave that answers with %s until its time is over", async (_what, answer, said) => {
  const { engine, run } = sceneOf(WAVES, { maxFailures: 100 });
  engine.answers = (stack) => (stack === "b" ? answer : { status: 200, builds: [BUILD] });
  const report = await run();
  expect(states(report)).toEqual(["a done", "b failed", "c done", "d not started", "e not started"]);
  expect(report.shops[1]?.error).toEqual({
    stage: "verify",
    code: "NOT_HEALTHY",
    message: `it does not answer with 200 and build ${BUILD} within 300 s; the last answer was ${said}`,
  });
  expect(report.stopped).toEqual({ by: "failures", why: "wave 2 does not answer with the new build: b" });
});

test("a shop that nothing serves now counts as it was deployed", async () => {
  const { engine, run } = sceneOf([["a"]]);
  engine.answers = () => undefined;
  expect(await run()).toMatchObject({ shops: [{ state: "done", build: BUILD }] });
});

test("of a shop in which nothing changed nothing is asked", async () => {
  const { engine, run } = sceneOf([["a"]]);
  engine.outcome = (stack) => ({ ...changed(stack), summary: { same: 30, create: 0 } });
  expect(states(await run())).toEqual(["a done"]);
  expect(engine.log).toEqual(["up a"]);
});

test("begins nothing more once one failed too many; what is under way ends", async () => {
  const { engine, run } = sceneOf([["a", "b", "c", "d"], ["e"]], { parallel: 2 });
  engine.outcome = (stack) => (stack === "a" ? refused("no room") : changed(stack));
  engine.during = async (stack) => {
    if (stack !== "b") return;
    while (engine.atOnce > 1) await Promise.resolve(); // until the other one has failed
  };
  const report = await run();
  expect(states(report)).toEqual(["a failed", "b done", "c not started", "d not started", "e not started"]);
  expect(report.shops[0]?.error).toEqual({ stage: "deploy", code: "STEP_FAILED", message: "no room" });
  expect(report.stopped?.why).toBe("1 shop failed, and 0 may (--max-failures)");
});

test("as many as may fail do not stop it, one more does", async () => {
  const failing = (maxFailures: number) => {
    const scene = sceneOf([["a", "b"], ["c", "d"], ["e"]], { parallel: 1, maxFailures });
    scene.engine.outcome = (stack) => ("ac".includes(stack) ? refused("broken") : changed(stack));
    return scene.run();
  };
  expect(states(await failing(2))).toEqual(["a failed", "b done", "c failed", "d done", "e done"]);
  expect(states(await failing(1))).toEqual(["a failed", "b done", "c failed", "d not started", "e not started"]);
});

test("a wave in which no shop was deployed is the last, however many may fail", async () => {
  const { engine, run } = sceneOf(WAVES, { maxFailures: 100 });
  engine.outcome = () => refused("broken");
  const report = await run();
  expect(states(report)).toEqual(["a failed", ...["b", "c", "d", "e"].map((stack) => `${stack} not started`)]);
  expect(report.stopped?.why).toBe("no shop of wave 1 was deployed");
});

test("told to stop, it ends what is under way and waits for no answer", async () => {
  const { engine, run, stop, journal } = sceneOf([["a", "b", "c"], ["d"]], { parallel: 2 });
  engine.during = (stack) => void (stack === "b" && stop.abort());
  const report = await run();
  expect(states(report)).toEqual(["a not verified", "b not verified", "c not started", "d not started"]);
  expect(report.stopped).toEqual({ by: "signal", why: "it was told to stop" });
  expect(journal.records.slice(-2).map(({ kind }) => kind)).toEqual(["stopped", "ended"]);
});

test("every shop gets the image that was given, and one that runs another has failed", async () => {
  const { engine, run } = sceneOf([["a"], ["b"], ["c"]], { image: { ref: REF, buildId: BUILD } });
  engine.outcome = (stack) => changed(stack, stack === "b" ? { imageDigest: "other" } : {});
  const report = await run();
  expect(engine.images).toEqual([REF, REF]);
  expect(states(report)).toEqual(["a done", "b failed", "c not started"]);
  expect(report.shops[1]?.error?.message).toMatch(/runs other, not the image that was promoted/);
});

test("of an image that nobody knows the build of, the first shop to answer tells it, and all others have to answer the same", async () => {
  const { engine, run } = sceneOf([["a"], ["b"], ["c"], ["d"]], { image: { ref: REF } });
  engine.outcome = (stack) => changed(stack, { generatorBuildId: undefined });
  engine.answers = (stack) => ({ status: 200, builds: [stack === "c" ? "b1" : BUILD] });
  const report = await run();
  expect(states(report)).toEqual(["a done", "b done", "c failed", "d not started"]);
  expect(report.shops.slice(0, 2).map(({ build }) => build)).toEqual([BUILD, BUILD]);
});

test("the first shop builds the image alone, and the others get that one", async () => {
  const { engine, run } = sceneOf([["a", "b", "c"], ["d"]], { shareImage: true, maxFailures: 1, parallel: 3 });
  engine.outcome = (stack) => (stack === "a" ? refused("no builder") : changed(stack));
  const report = await run();
  expect(engine.images).toEqual([undefined, undefined, REF, REF]);
  expect(engine.log.slice(0, 3)).toEqual(["up a", "up b", "up c"]);
  expect(report.image).toEqual({ ref: REF, buildId: BUILD });
});

test.each(["preview", "destroy"] as const)("%s asks for no health", async (operation) => {
  const { engine, run } = sceneOf([["a"], ["b"]], { operation });
  engine.outcome = () => ({ summary: { delete: 3 }, outputs: undefined });
  expect(states(await run())).toEqual(["a done", "b done"]);
  expect(engine.log).toEqual([`${operation} a`, `${operation} b`]);
});

test("what cannot be noted is not done, and ends the run", async () => {
  const scene = sceneOf(WAVES, {}, new JournalDouble([beginOf(WAVES)], 3));
  await expect(scene.run()).rejects.toThrow("the disk is full");
  expect(scene.engine.log).toEqual(["up a", "ask a"]);
});

test("a run that is resumed leaves out what was verified, asks what was deployed, and does the rest", async () => {
  const first = sceneOf(WAVES, { parallel: 1 });
  first.engine.during = (stack) => void (stack === "c" && first.stop.abort());
  expect(states(await first.run()).slice(0, 3)).toEqual(["a done", "b not verified", "c not verified"]);

  const second = sceneOf(WAVES, { parallel: 1 }, first.journal);
  const report = await second.run();
  expect(second.engine.log).toEqual(["ask b", "ask c", "up d", "up e", "ask d", "ask e"]);
  expect(states(report)).toEqual(["a done before", "b done", "c done", "d done", "e done"]);
  expect(report.shops[0]).toMatchObject({ build: BUILD, address: "http://a" });
});

test("a shop whose own files changed since is done anew", async () => {
  const first = sceneOf(WAVES);
  await first.run();
  const second = sceneOf(WAVES, { filesOf: (stack) => (stack === "b" ? "new" : "f") }, first.journal);
  await second.run();
  expect(second.engine.log).toEqual(["up b", "ask b"]);
});
