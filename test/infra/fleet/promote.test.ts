import type { StackOutputs } from "../../../infra/fleet/engine";
import { checkPromoted, imageToPromote } from "../../../infra/fleet/promote";

const REF = "registry.cloudflare.com/a/wandstore-generator@sha256:1";
const staging: StackOutputs = { imageDigest: REF, generatorBuildId: "b1", releaseId: "r2" };
const having = (outputs: StackOutputs | undefined) => ({ outputs: async () => outputs });

test("the image is that which the stack runs, with its build", async () => {
  expect(await imageToPromote(having(staging), "staging", "r2")).toEqual({ ref: REF, buildId: "b1" });
  expect(await imageToPromote(having({ imageDigest: REF }), "staging")).toEqual({ ref: REF });
});

test("a stack that is not deployed has none, and one that moved on has another", async () => {
  await expect(imageToPromote(having(undefined), "staging")).rejects.toMatchObject({ code: "NOT_DEPLOYED" });
  await expect(imageToPromote(having(staging), "staging", "r1")).rejects.toThrow(
    'stack "staging" has moved on from release r1 to r2: promote that one instead',
  );
});

test("a stack that runs another image than it was given was not promoted", () => {
  expect(() => checkPromoted("shop-a", { imageDigest: "other" }, { ref: REF })).toThrow(/runs other, not the image/);
  expect(() => checkPromoted("shop-a", { imageDigest: REF }, { ref: REF })).not.toThrow();
  expect(() => checkPromoted("shop-a", { imageDigest: "other" }, undefined)).not.toThrow();
});
