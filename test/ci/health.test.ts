import { untilHealthy } from "../../bin/ci/commands/deploy";

const limits = { tries: 3, everyMs: 1 };

it("a stack may take a while to answer", async () => {
  const answers = [503, 522, 200];
  await untilHealthy("prod", async () => answers.shift() ?? 0, limits);
  expect(answers).toEqual([]);
});

it("one that never does fails the deployment with the last answer", async () => {
  const refused = untilHealthy("prod", async () => 503, limits);
  await expect(refused).rejects.toThrow('stack "prod" is deployed, and its /health does not answer 200: 503');
  const silent = untilHealthy("prod", () => Promise.reject(new Error("no answer from the edge")), limits);
  await expect(silent).rejects.toMatchObject({
    code: "NOT_HEALTHY",
    message: expect.stringMatching(/no answer from the edge/),
  });
});
