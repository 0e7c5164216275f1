import { GeneratorImage } from "../../../infra/components";
import { ACCOUNT, made, valueOf } from "./program";
import { summary } from "./stack";

const context = { folder: ".build/dev/generator", buildId: "0123456789ab", tag: "0123456789abcdef" };

test("GeneratorImage: one image built here, tagged by content, for the platform Cloudflare runs; and its push", async () => {
  const { made: list, returned } = await made(
    "dev",
    {},
    () => new GeneratorImage("generator", { accountId: ACCOUNT, context }),
  );
  expect(summary(list)).toEqual([
    [
      "docker:index/image:Image",
      "generator-image",
      {
        imageName: "wandstore-generator:0123456789abcdef",
        build: {
          context: "../.build/dev/generator",
          dockerfile: "../.build/dev/generator/Dockerfile",
          platform: "linux/amd64",
        },
        skipPush: true,
        buildOnPreview: false, // the SDK's own default
      },
    ],
    [
      "wandstore:index:RegistryImage",
      "generator-registry",
      {
        accountId: ACCOUNT,
        repository: "wandstore-generator",
        tag: "0123456789abcdef",
        localImage: "wandstore-generator:0123456789abcdef",
      },
    ],
  ]);
  const pinned = `registry.cloudflare.com/${ACCOUNT}/i@sha256:${"d".repeat(64)}`;
  expect(await valueOf(returned.digest)).toBe(pinned);
  expect(await valueOf(returned.digest)).toBe(pinned);
  expect(await valueOf(returned.buildId)).toBe("0123456789ab");
});

test.each([["fedcba987654"], [undefined]])(
  "GeneratorImage: a prebuilt image (build id %s) is taken as it is, and nothing is built or pushed",
  async (buildId) => {
    const ref = `registry.cloudflare.com/${ACCOUNT}/elsewhere@sha256:${"e".repeat(64)}`;
    const prebuilt = { ref, ...(buildId !== undefined && { buildId }) };
    const { made: list, returned } = await made(
      "dev",
      {},
      () => new GeneratorImage("generator", { accountId: ACCOUNT, context, prebuilt }),
    );
    expect(list).toEqual([]);
    expect(await valueOf(returned.digest)).toBe(ref);
    expect(await valueOf(returned.digest)).toBe(ref);
    expect(await valueOf(returned.buildId)).toBe(buildId);
  },
);
