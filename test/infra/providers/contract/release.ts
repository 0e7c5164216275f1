import { newNamespace } from "./namespace";
import type { Subject } from "./subject";

const VERSION = "11111111-2222-4333-8444-555555555555";
const NEXT = "99999999-2222-4333-8444-555555555555";

export const release: Subject = {
  type: "Release",
  async prepare(test, name) {
    const { accountId } = test;
    const namespaceId = await newNamespace(test, name);
    const worker = (versionId: string) => ({ scriptName: name, versionId, buildId: "b1" });
    const inputs = {
      accountId,
      namespaceId,
      stack: "dev",
      worker: worker(VERSION),
      generator: {
        applicationId: "app-1",
        image: `registry.cloudflare.com/a/b@sha256:${"a".repeat(64)}`,
        buildId: "b1",
      },
      schemaLevel: "0001_initial.sql",
      migrationTag: "v1",
    };
    const namespace = `/accounts/${accountId}/storage/kv/namespaces/${namespaceId}`;
    return {
      inputs,
      bad: [
        [{ stack: 7 }, "stack"],
        [{ worker: { ...worker(VERSION), versionId: 7 } }, "worker.versionId"],
      ],
      change: { inputs: { ...inputs, worker: worker(NEXT) }, paths: ["worker.versionId"] },
      replacement: { inputs: { ...inputs, stack: "prod" }, paths: ["stack"] },
      async count() {
        const { body } = await test.api("GET", `${namespace}/keys`);
        return (body.result as unknown[]).length;
      },
      countChanged: 2,
      staysAfterDelete: true,
      remove: async () => void (await test.api("DELETE", namespace)),
    };
  },
};
