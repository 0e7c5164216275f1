import { containerImagePinned } from "../../policies/rules/containerImagePinned";
import { containerInstanceType } from "../../policies/rules/containerInstanceType";
import { containerMaxInstances } from "../../policies/rules/containerMaxInstances";
import { containerSleepAfter } from "../../policies/rules/containerSleepAfter";
import { poolSizeIsMaxInstances } from "../../policies/rules/poolSizeIsMaxInstances";
import { TYPES } from "../../policies/types";
import { judge, judgeStack, UNKNOWN, versionWith } from "./judge";

const ACCOUNT = "a".repeat(32);
const DIGEST = `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${"b".repeat(64)}`;
const application = (props: Record<string, unknown>) => ({ type: TYPES.containerApplication, name: "pool", props });

describe("container-image-pinned", () => {
  test.each([DIGEST, UNKNOWN, undefined])("%s is fine", async (image) => {
    expect(await judge(containerImagePinned, application({ image, accountId: ACCOUNT }))).toEqual([]);
  });

  test.each([
    DIGEST.replace(/@.*/, ":latest"),
    DIGEST.replace("registry.cloudflare.com", "docker.io"),
    DIGEST.replace("registry.cloudflare.com", "registry.cloudflare.com.example.net"),
    DIGEST.slice(0, -1),
    `${DIGEST}0`,
  ])("%s is refused", async (image) => {
    expect(await judge(containerImagePinned, application({ image }))).toHaveLength(1);
  });

  test("an image of another account is refused", async () => {
    const found = await judge(containerImagePinned, application({ image: DIGEST, accountId: "c".repeat(32) }));
    expect(found).toEqual([expect.stringContaining(`image of account ${ACCOUNT}`)]);
  });

  test.each([
    [TYPES.dockerImage, { imageName: "wandstore-generator:1", skipPush: true }, 0], // stays on this machine
    [TYPES.dockerImage, { imageName: "wandstore-generator:1" }, 1],
    [TYPES.dockerImage, { imageName: `registry.cloudflare.com/${ACCOUNT}/wandstore-generator:1` }, 0],
    [TYPES.dockerRegistryImage, { name: `registry.cloudflare.com/${ACCOUNT}/x:1` }, 0],
    [TYPES.dockerRegistryImage, { name: "ghcr.io/somebody/x:1" }, 1],
    [TYPES.dockerRegistryImage, { name: UNKNOWN }, 0],
    ["docker:index/remoteImage:RemoteImage", { name: "node:24" }, 0],
  ])("%s %j gives %d", async (type, props, violations) => {
    expect(await judge(containerImagePinned, { type, props })).toHaveLength(violations);
  });
});

test("container-instance-type advises against all but lite, or what is allowed", async () => {
  expect(await judge(containerInstanceType, application({ instanceType: "lite" }))).toEqual([]);
  expect(await judge(containerInstanceType, application({ instanceType: "basic" }))).toHaveLength(1);
  const allowed = { allowed: ["lite", "basic"] };
  expect(await judge(containerInstanceType, application({ instanceType: "basic" }), allowed)).toEqual([]);
});

test.each([
  [1, 0],
  [50, 0],
  [0, 1],
  [51, 1],
  [2.5, 1],
  [UNKNOWN, 0],
])("container-max-instances: %s gives %d", async (maxInstances, violations) => {
  expect(await judge(containerMaxInstances, application({ maxInstances }))).toHaveLength(violations);
});

test("container-max-instances goes by the threshold that is set", async () => {
  expect(await judge(containerMaxInstances, application({ maxInstances: 21 }), { most: 20 })).toEqual([
    "The container application may run 21 instances; allowed are 1 to 20.",
  ]);
});

test.each([
  ["5m", 0],
  ["10m", 0],
  ["600s", 0],
  ["601s", 1],
  ["11m", 1],
  ["1h", 1],
  ["0m", 1],
  ["never", 1],
])("container-sleep-after: %s gives %d", async (sleepAfter, violations) => {
  const found = await judge(containerSleepAfter, versionWith({ CONTAINER_SLEEP_AFTER: sleepAfter }));
  expect(found).toHaveLength(violations);
});

describe("pool-size-is-max-instances", () => {
  const stack = (size: string, maxInstances: unknown, members: unknown) => [
    versionWith({ POOL_SIZE: size }),
    application({ maxInstances, verification: { members } }),
  ];
  test.each([
    ["10", 10, 10, 0],
    ["10", 10, UNKNOWN, 0],
    ["10", 9, 10, 1],
    ["10", 11, 10, 1],
    ["10", 10, 1, 1],
    ["10", 9, 9, 2],
  ])("%s members, %s containers, %s verified gives %d", async (size, most, members, violations) => {
    const found = await judgeStack(poolSizeIsMaxInstances, stack(size, most, members));
    expect(found.map(([, name]) => name)).toEqual(Array.from({ length: violations }, () => "pool"));
  });

  test("a stack whose Worker has no pool may have any application", async () => {
    expect(await judgeStack(poolSizeIsMaxInstances, [application({ maxInstances: 3 })])).toEqual([]);
  });
});
