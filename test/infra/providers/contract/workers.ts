import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { esModule, type TestCloud } from "../../../local/cloud/support";
import type { Subject } from "./subject";

const CODE = `
  import { DurableObject } from "cloudflare:workers";
  export class Thing extends DurableObject {}
  export default { fetch: () => new Response("ok") };`;
export const PLANTED_SECRET = "planted-secret-6d1f";

export async function newWorker(test: TestCloud, name: string): Promise<string> {
  const made = await test.client.workers.beta.workers.create({ account_id: test.accountId, name } as never);
  return made.id;
}

/** A deployed version with a Durable Object class, or one that differs from it. */
export async function newVersion(test: TestCloud, workerId: string, changes: object = {}): Promise<string> {
  const { id } = await test.client.workers.beta.workers.versions.create(workerId, {
    account_id: test.accountId,
    main_module: "index.js",
    modules: [esModule("index.js", CODE)],
    compatibility_date: "2026-01-01",
    migrations: { new_tag: "v1", new_sqlite_classes: ["Thing"] },
    deploy: true,
    ...changes,
  } as never);
  return id;
}

/** Every Durable Object namespace of the account. */
export async function namespacesIn(test: TestCloud): Promise<{ id: string; script: string }[]> {
  const path = `/accounts/${test.accountId}/workers/durable_objects/namespaces?per_page=1000`;
  return (await test.api("GET", path)).body.result;
}

export const durableObjectNamespace: Subject = {
  type: "DurableObjectNamespace",
  async prepare(test, scriptName) {
    await newVersion(test, await newWorker(test, scriptName));
    const inputs = { accountId: test.accountId, scriptName, className: "Thing" };
    return {
      inputs,
      bad: [
        [{ className: "" }, "className"],
        [{ scriptName: ["a"] }, "scriptName"],
      ],
      replacement: { inputs: { ...inputs, className: "Other" }, paths: ["className"] },
      importId: () => `${test.accountId}/${scriptName}/Thing`,
      count: async () => {
        const namespaces = await namespacesIn(test);
        return namespaces.filter(({ script }) => script === scriptName).length;
      },
      staysAfterDelete: true,
      remove: async () =>
        void (await test.api("DELETE", `/accounts/${test.accountId}/workers/scripts/${scriptName}?force=true`)),
    };
  },
};

export const workerVersion: Subject = {
  type: "WorkerVersion",
  async prepare(test, scriptName) {
    const workerId = await newWorker(test, scriptName);
    const file = join(test.stateDir, `${scriptName}.js`);
    writeFileSync(file, CODE);
    const sha256 = createHash("sha256").update(CODE).digest("hex");
    const text = (name: string, value: string) => ({ type: "plain_text", name, text: value });
    const inputs = {
      accountId: test.accountId,
      workerId,
      scriptName,
      mainModule: "index.js",
      modules: [{ name: "index.js", contentType: "application/javascript+module", file, sha256 }],
      compatibilityDate: "2026-01-01",
      compatibilityFlags: [],
      bindings: [text("A", "a"), text("POOL_SIZE", "10")],
      secrets: { ADMIN_TOKEN: PLANTED_SECRET },
      containers: [],
      migrations: [{ tag: "v1", newSqliteClasses: ["Thing"] }],
    };
    const versions = `/accounts/${test.accountId}/workers/workers/${workerId}/versions`;
    return {
      inputs,
      bad: [
        [{ modules: [] }, "modules"],
        [{ compatibilityDate: "soon" }, "compatibilityDate"],
        [{ bindings: [{ type: "queue", name: "Q" }] }, "bindings[0].type"],
        [{ bindings: [{ type: "d1", name: "DB" }] }, "bindings[0].databaseId"],
      ],
      replacement: {
        inputs: { ...inputs, bindings: [text("A", "a"), text("NEW", "n"), text("POOL_SIZE", "11")] },
        paths: ["bindings[1]", "bindings[2]"],
      },
      importId: (id) => `${test.accountId}/${scriptName}/${id}`,
      async count() {
        const { body } = await test.api("GET", versions);
        return (body.result as unknown[]).length;
      },
      staysAfterDelete: true,
      remove: async (id) => void (await test.api("DELETE", `${versions}/${id}`)),
    };
  },
};

const UNDEPLOYED = { deploy: false, migrations: undefined };

export const workersDeployment: Subject = {
  type: "WorkersDeployment",
  async prepare(test, scriptName) {
    const workerId = await newWorker(test, scriptName);
    const first = await newVersion(test, workerId, UNDEPLOYED);
    const second = await newVersion(test, workerId, UNDEPLOYED);
    const inputs = { accountId: test.accountId, scriptName, versionId: first, percentage: 100 };
    const script = `/accounts/${test.accountId}/workers/scripts/${scriptName}`;
    return {
      inputs,
      bad: [
        [{ percentage: 101 }, "percentage"],
        [{ percentage: 0.5 }, "percentage"],
        [{ versionId: "" }, "versionId"],
      ],
      change: { inputs: { ...inputs, versionId: second, percentage: 25 }, paths: ["versionId", "percentage"] },
      replacement: { inputs: { ...inputs, scriptName: "another" }, paths: ["scriptName"] },
      importId: () => `${test.accountId}/${scriptName}`,
      async count() {
        const { body } = await test.api("GET", `${script}/deployments`);
        return (body.result as { deployments: unknown[] }).deployments.length;
      },
      countChanged: 2,
      staysAfterDelete: true,
      remove: async () => void (await test.api("DELETE", `${script}?force=true`)),
    };
  },
};

export const workersDevUrl: Subject = {
  type: "WorkersDevUrl",
  async prepare(test, scriptName) {
    await newWorker(test, scriptName);
    const inputs = { accountId: test.accountId, scriptName };
    return {
      inputs,
      bad: [[{ scriptName: "" }, "scriptName"]],
      replacement: { inputs: { ...inputs, scriptName: "another" }, paths: ["scriptName"] },
      importId: () => `${test.accountId}/${scriptName}`,
      async count() {
        const { body } = await test.api("GET", `/accounts/${test.accountId}/workers/workers`);
        return (body.result as { name: string }[]).filter(({ name }) => name === scriptName).length;
      },
      staysAfterDelete: true,
      remove: async () =>
        void (await test.api("DELETE", `/accounts/${test.accountId}/workers/scripts/${scriptName}?force=true`)),
    };
  },
};
