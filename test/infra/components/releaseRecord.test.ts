import * as pulumi from "@pulumi/pulumi";
import { ReleaseRecord } from "../../../infra/components";
import { ACCOUNT, made } from "./program";
import { ROLLBACK, settingsWith, VERSION } from "./stack";

describe("ReleaseRecord", () => {
  const build = (more: Record<string, string> = {}) =>
    made("dev", {}, () => {
      const resource = new (class extends pulumi.CustomResource {})("test:index:Thing", "thing", {});
      return new ReleaseRecord("release", {
        settings: settingsWith(more),
        bundle: { buildId: "e".repeat(12) },
        storage: {
          namespaceIds: { STORES: pulumi.output("stores-id") } as never,
          schemaLevel: pulumi.output("0001_initial.sql"),
          migrations: { bookmark: pulumi.output("00000001-bookmark") } as never,
        },
        storefront: { workerName: pulumi.output("worker"), versionId: pulumi.output("version-2") },
        pool: {
          application: resource as never,
          applicationId: pulumi.output("app"),
          image: pulumi.output("registry/i@sha256:0"),
          buildId: pulumi.output("b".repeat(12)),
        },
        catalogue: { entries: [resource] },
      });
    });
  const record = (list: Awaited<ReturnType<typeof build>>["made"]) =>
    list.find(({ name }) => name === "release-record")?.inputs;

  test("it says what code, image and schema were released", async () => {
    expect(record((await build()).made)).toEqual({
      accountId: ACCOUNT,
      namespaceId: "stores-id",
      stack: "dev",
      worker: { scriptName: "worker", versionId: "version-2", buildId: "e".repeat(12) },
      generator: { applicationId: "app", image: "registry/i@sha256:0", buildId: "b".repeat(12) },
      schemaLevel: "0001_initial.sql",
      bookmark: "00000001-bookmark",
      migrationTag: "v2",
    });
  });

  test("of a rollback it says what was returned to", async () => {
    expect(record((await build(ROLLBACK)).made)).toMatchObject({
      worker: { scriptName: "worker", versionId: VERSION },
      rollbackOf: "20261101T120000Z-11111111",
    });
  });
});
