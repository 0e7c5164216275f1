import type { Resource } from "./rule";
import { TYPES } from "./types";
import { listOf, type Props, textOf } from "./values";

/** Kinds of binding that name something of the account: by which of their properties, and what makes such a thing. */
const KINDS: Readonly<Record<string, Kind>> = {
  kv_namespace: { name: "KV namespace", by: ["namespaceId"], of: { [TYPES.kvNamespace]: ["id"] } },
  d1: { name: "D1 database", by: ["databaseId", "id"], of: { [TYPES.database]: ["id", "uuid"] } },
  r2_bucket: { name: "R2 bucket", by: ["bucketName"], of: { [TYPES.bucket]: ["name", "id"] } },
  queue: { name: "queue", by: ["queueName"], of: { [TYPES.queue]: ["queueName"] } },
  service: { name: "Worker", by: ["service"], of: { [TYPES.worker]: ["name"], [TYPES.script]: ["scriptName"] } },
  hyperdrive: {
    name: "Hyperdrive configuration",
    by: ["id"],
    of: { "cloudflare:index/hyperdriveConfig:HyperdriveConfig": ["id"] },
  },
  dispatch_namespace: {
    name: "dispatch namespace",
    by: ["dispatchNamespace", "namespace"],
    of: {
      "cloudflare:index/workersForPlatformsDispatchNamespace:WorkersForPlatformsDispatchNamespace": ["name", "id"],
    },
  },
  mtls_certificate: {
    name: "certificate",
    by: ["certificateId"],
    of: { "cloudflare:index/mtlsCertificate:MtlsCertificate": ["id"] },
  },
  pipelines: {
    name: "pipeline",
    by: ["pipeline"],
    of: { "cloudflare:index/pipeline:Pipeline": ["id", "name"] },
  },
  secrets_store_secret: {
    name: "secrets store",
    by: ["storeId"],
    of: { "cloudflare:index/secretsStore:SecretsStore": ["id"] },
  },
  vectorize: { name: "Vectorize index", by: ["indexName"], of: {} }, // no resource makes one
  workflow: {
    name: "workflow",
    by: ["workflowName"],
    of: { "cloudflare:index/workflow:Workflow": ["workflowName"] },
  },
};
interface Kind {
  readonly name: string;
  readonly by: readonly string[];
  readonly of: Readonly<Record<string, readonly string[]>>;
}

/** What does something to a Worker, or sends it requests: by which of its properties it names the Worker. */
const ACTS_ON: Readonly<Record<string, string>> = {
  "cloudflare:index/queueConsumer:QueueConsumer": "scriptName",
  "cloudflare:index/workersCronTrigger:WorkersCronTrigger": "scriptName",
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain": "service",
  "cloudflare:index/workersDeployment:WorkersDeployment": "scriptName",
  "cloudflare:index/workersRoute:WorkersRoute": "script",
  [TYPES.scriptSubdomain]: "scriptName",
  "wandstore:index:DurableObjectNamespace": "scriptName",
  "wandstore:index:WorkersDeployment": "scriptName",
  [TYPES.workerVersion]: "scriptName",
};

/** What a binding refers to. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly isOwn: boolean;
}

/** Everything of a stack that a Worker can be bound to. */
export function ownThings(resources: readonly Resource[]): { targetOf(binding: Props): Target | undefined } {
  return {
    /** Nothing of a binding that refers to nothing, or to something that is still to be made and so is the stack's own. */
    targetOf(binding) {
      const kind = KINDS[textOf(binding["type"]) ?? ""];
      const id = kind?.by.map((key) => textOf(binding[key])).find((text) => text !== undefined);
      if (kind === undefined || id === undefined) return undefined;
      const ids = resources.flatMap(({ type, props }) => (kind.of[type] ?? []).map((key) => props[key]));
      return { kind: kind.name, id, isOwn: ids.includes(id) };
    },
  };
}

/** Names of the stack's Workers; undefined where one of them is not known yet. */
export function scriptNames(resources: readonly Resource[]): readonly string[] | undefined {
  const names = resources.flatMap(({ type, props }) => {
    const [key] = KINDS["service"]!.of[type] ?? [];
    return key === undefined ? [] : [textOf(props[key])];
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The Workers that a resource names besides those it binds: whom it acts on, and who reads its logs. */
export function workersNamedBy({ type, props }: Resource): readonly string[] {
  const key = ACTS_ON[type];
  const tails = [TYPES.worker, TYPES.script].includes(type as never) ? listOf(props["tailConsumers"]) : [];
  const names = [key === undefined ? undefined : props[key], ...tails.map(({ name, service }) => name ?? service)];
  return names.flatMap((name) => textOf(name) ?? []);
}
