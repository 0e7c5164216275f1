import * as pulumi from "@pulumi/pulumi";
import { GeneratorPool } from "../../../infra/components";
import { ACCOUNT, made, valueOf } from "./program";
import { FORMER_IMAGE, names, ROLLBACK, settingsWith, summary } from "./stack";

describe("GeneratorPool", () => {
  const build = (more: Record<string, string>) =>
    made("dev", {}, () => {
      const deployment = new (class extends pulumi.CustomResource {})("test:index:Deployment", "deployment", {});
      const storefront = {
        workerName: pulumi.output("wandstore-dev-storefront"),
        origin: pulumi.output("https://w.example.workers.dev"),
        deployment,
        reachable: [deployment],
      };
      const image = { digest: pulumi.output("registry/i@sha256:0"), buildId: pulumi.output("b".repeat(12)) };
      const args = { names, settings: settingsWith(more), image, adminToken: pulumi.secret("planted") };
      return new GeneratorPool("pool", { ...args, storefront: storefront as never });
    });
  const application = (list: Awaited<ReturnType<typeof build>>["made"]) =>
    list.find(({ name }) => name === "pool-application")?.inputs ?? {};

  test("the namespace of the container class and an application as large as the pool", async () => {
    const { made: list } = await build({ "wandstore:pool": '{"size":7}' });
    expect(summary(list.filter(({ name }) => name.startsWith("pool")))).toEqual([
      [
        "wandstore:index:ContainerApplication",
        "pool-application",
        {
          accountId: ACCOUNT,
          name: "wandstore-dev-generator",
          namespaceId: "namespace-1",
          image: "registry/i@sha256:0",
          instanceType: "lite",
          maxInstances: 7,
        },
      ],
      [
        "wandstore:index:DurableObjectNamespace",
        "pool-namespace",
        { accountId: ACCOUNT, scriptName: "wandstore-dev-storefront", className: "AIGeneratorContainer" },
      ],
    ]);
  });

  test("a rollout that is verified asks every member at the Worker's address, with the admin token as a secret", async () => {
    const pool = { size: 3, verify: { enabled: true, timeoutSeconds: 90 } };
    const { made: list } = await build({ "wandstore:pool": JSON.stringify(pool) });
    const { verification } = application(list);
    // Pulumi's mocks show a secret inside as a secret as a whole.
    expect(verification).toHaveProperty(pulumi.runtime.specialSigKey, pulumi.runtime.specialSecretSig);
    expect((verification as { value: unknown }).value).toEqual({
      url: "https://w.example.workers.dev",
      token: "planted",
      members: 3,
      buildId: "b".repeat(12),
      timeoutSeconds: 90,
    });
  });

  test("a rollback runs the image it names and waits for that one's build id", async () => {
    const { made: list, returned } = await build({
      "wandstore:pool": '{"verify":{"enabled":true}}',
      ...ROLLBACK,
    });
    expect(application(list)["image"]).toBe(FORMER_IMAGE);
    expect((application(list)["verification"] as { value: unknown }).value).toMatchObject({ buildId: "c".repeat(12) });
    expect(await valueOf(returned.image)).toBe(FORMER_IMAGE);
  });
});
