import type { Resource } from "../../../policies/rule";
import { TYPES } from "../../../policies/types";
import type { Plan } from "./plan";

/** A resource that a mutation may write to. */
interface Writable {
  type: string;
  name: string;
  urn: string;
  isProtected: boolean;
  props: Record<string, unknown>;
}
type Change = (resource: Writable) => void;

/** A mistake that somebody could make, in what the program would plan then, and the rule that is meant for it. */
export interface Mutation {
  readonly what: string;
  readonly rule: string;
  /** In each list of resources: what rules of resources see, and what rules of stacks see. */
  readonly change: (resources: Writable[]) => void;
}

/** The plan with a mistake in it. */
export function mutated({ inputs, outputs }: Plan, { change }: Pick<Mutation, "change">): Plan {
  const apply = (resources: readonly Resource[]): Resource[] => {
    // Symbols do not survive a structured clone, and nothing but objects and lists is ever written to.
    const copy = copied(resources) as Writable[];
    change(copy);
    return copy;
  };
  return { inputs: apply(inputs), outputs: apply(outputs) };
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}

const ofType = (type: string, change: Change) => (resources: Writable[]) => {
  const found = resources.filter((resource) => resource.type === type);
  if (found.length === 0) throw new Error(`the plan has no ${type}`);
  change(found[0]!);
};
const both =
  (...changes: ((resources: Writable[]) => void)[]) =>
  (resources: Writable[]) => {
    for (const change of changes) change(resources);
  };
const without = (type: string) => (resources: Writable[]) => {
  const at = resources.findIndex((resource) => resource.type === type);
  resources.splice(at, 1);
};
const more =
  (type: string, props: Record<string, unknown>, isProtected = true) =>
  (resources: Writable[]) => {
    const urn = `${resources[0]!.urn.split("::").slice(0, 2).join("::")}::${type}::another`;
    resources.push({ type, name: "another", urn, isProtected, props });
  };

type BindingChange = (bindings: Record<string, unknown>[]) => void;
const bindings = (change: BindingChange) =>
  ofType(TYPES.workerVersion, ({ props }) => change(props["bindings"] as Record<string, unknown>[]));
/** Sets a variable of the Worker. */
const variable = (name: string, text: string) =>
  bindings((list) => {
    const binding = list.find((each) => each["name"] === name);
    if (binding === undefined) list.push({ type: "plain_text", name, text });
    else binding["text"] = text;
  });
const bound = (type: string, change: Record<string, unknown>) =>
  bindings(
    (list) =>
      void Object.assign(
        list.find((each) => each["type"] === type)!,
        change,
      ),
  );
const version = (change: Record<string, unknown>) =>
  ofType(TYPES.workerVersion, ({ props }) => void Object.assign(props, change));
const worker = (change: Record<string, unknown>) =>
  ofType(TYPES.worker, ({ props }) => void Object.assign(props, change));
const pool = (change: Record<string, unknown>) =>
  ofType(TYPES.containerApplication, ({ props }) => void Object.assign(props, change));
const wholePool = (size: number) =>
  both(variable("POOL_SIZE", String(size)), pool({ maxInstances: size, verification: { members: size } }));
/** Gives a thing another name wherever it is named. */
const renamed = (from: string, to: string) => (resources: Writable[]) => {
  for (const { props } of resources) {
    for (const [key, value] of Object.entries(props)) if (value === from) props[key] = to;
  }
};
const unprotected = (type: string) => ofType(type, (resource) => void (resource.isProtected = false));
const namespaces = (count: number) => (resources: Writable[]) => {
  for (let at = 0; at < count; at++) more(TYPES.kvNamespace, { title: `wandstore-prod-extra-${at}` })(resources);
};

/** Mistakes in the stack `prod`. */
export const MUTATIONS: readonly Mutation[] = [
  { what: "a lifetime of 0 in the cache", rule: "cache-ttl-bounds", change: variable("CACHE_TTL_SECONDS", "0") },
  { what: "a lifetime of a week", rule: "cache-ttl-bounds", change: variable("CACHE_TTL_SECONDS", "604800") },
  { what: "stale pages for ever", rule: "cache-ttl-bounds", change: variable("STALE_SECONDS", "31536000") },
  {
    what: "a shop whose own lifetime is 5 s",
    rule: "cache-ttl-bounds",
    change: ofType(TYPES.kvValue, ({ props }) => {
      const record = JSON.parse(props["value"] as string) as { settings: object };
      props["value"] = JSON.stringify({ ...record, settings: { ...record.settings, cache_ttl_seconds: 5 } });
    }),
  },
  { what: "a secret among the variables", rule: "no-plain-secrets", change: variable("KIMI_API_KEY", "hush") },
  {
    what: "a key inside a harmless variable",
    rule: "no-plain-secrets",
    change: variable("LLM_PROVIDERS", '[{"kind":"kimi","auth":"sk-0123456789abcdef0123456789"}]'),
  },
  {
    what: "a key by its name inside a harmless variable",
    rule: "no-plain-secrets",
    change: variable("LLM_PROVIDERS", '[{"kind":"kimi","apiKey":"hush"}]'),
  },
  {
    what: "a password where logs are sent",
    rule: "no-plain-secrets",
    change: worker({ observability: { enabled: true, logs: { destinations: ["https://me:hush@logs.example.com"] } } }),
  },
  {
    what: "a token in a shop's catalogue",
    rule: "no-plain-secrets",
    change: ofType(TYPES.kvValue, ({ props }) => {
      props["value"] = (props["value"] as string).replace("{", '{"t":"shpat_0123456789abcdef0123456789",');
    }),
  },
  {
    what: "a secret of a Pages project in plain text",
    rule: "no-plain-secrets",
    change: more(TYPES.pages, {
      name: "wandstore-prod-landing",
      deploymentConfigs: { production: { envVars: { ADMIN_TOKEN: { type: "plain_text", value: "x" } } } },
    }),
  },
  { what: "a pool of 500", rule: "container-max-instances", change: wholePool(500) },
  { what: "a pool of none", rule: "container-max-instances", change: wholePool(0) },
  { what: "fewer containers than members", rule: "pool-size-is-max-instances", change: pool({ maxInstances: 9 }) },
  { what: "more members than containers", rule: "pool-size-is-max-instances", change: variable("POOL_SIZE", "11") },
  {
    what: "a rollout that asks one member",
    rule: "pool-size-is-max-instances",
    change: pool({ verification: { members: 1 } }),
  },
  { what: "a dear instance type", rule: "container-instance-type", change: pool({ instanceType: "standard-1" }) },
  {
    what: "containers that stay awake",
    rule: "container-sleep-after",
    change: variable("CONTAINER_SLEEP_AFTER", "1h"),
  },
  {
    what: "an image by its tag",
    rule: "container-image-pinned",
    change: pool({ image: `registry.cloudflare.com/${"0".repeat(32)}/wandstore-generator:latest` }),
  },
  {
    what: "an image of another registry",
    rule: "container-image-pinned",
    change: pool({ image: `docker.io/somebody/wandstore-generator@sha256:${"a".repeat(64)}` }),
  },
  {
    what: "an image of another account",
    rule: "container-image-pinned",
    change: pool({
      accountId: "0".repeat(32),
      image: `registry.cloudflare.com/${"f".repeat(32)}/wandstore-generator@sha256:${"a".repeat(64)}`,
    }),
  },
  {
    what: "an image that Docker pushes elsewhere",
    rule: "container-image-pinned",
    change: ofType(TYPES.dockerImage, ({ props }) => void (props["skipPush"] = false)),
  },
  { what: "debug routes that are open", rule: "debug-off-in-prod", change: variable("DEBUG_ENABLED", "true") },
  { what: "unsigned links", rule: "unsigned-links-off-in-prod", change: variable("UNSIGNED_LINKS", "true") },
  {
    what: "workers.dev on",
    rule: "workers-dev-off-in-prod",
    change: worker({ subdomain: { enabled: true, previewsEnabled: false } }),
  },
  {
    what: "preview addresses on workers.dev",
    rule: "workers-dev-off-in-prod",
    change: worker({ subdomain: { enabled: false, previewsEnabled: true } }),
  },
  { what: "a bucket without its lifecycle", rule: "r2-lifecycle-set", change: without(TYPES.bucketLifecycle) },
  {
    what: "a lifecycle that is off",
    rule: "r2-lifecycle-set",
    change: ofType(TYPES.bucketLifecycle, ({ props }) => {
      for (const rule of props["rules"] as Record<string, unknown>[]) rule["enabled"] = false;
    }),
  },
  {
    what: "a lifecycle of other objects",
    rule: "r2-lifecycle-set",
    change: ofType(TYPES.bucketLifecycle, ({ props }) => {
      for (const rule of props["rules"] as Record<string, unknown>[]) rule["conditions"] = { prefix: "logs/" };
    }),
  },
  { what: "KV without protection", rule: "data-protected-in-prod", change: unprotected(TYPES.kvNamespace) },
  { what: "D1 without protection", rule: "data-protected-in-prod", change: unprotected(TYPES.database) },
  { what: "R2 without protection", rule: "data-protected-in-prod", change: unprotected(TYPES.bucket) },
  { what: "a Worker without protection", rule: "data-protected-in-prod", change: unprotected(TYPES.worker) },
  {
    what: "an old compatibility date",
    rule: "compatibility-date",
    change: version({ compatibilityDate: "2025-01-01" }),
  },
  {
    what: "a date that has not been",
    rule: "compatibility-date",
    change: version({ compatibilityDate: "2027-01-01" }),
  },
  { what: "no compatibility date", rule: "compatibility-date", change: version({ compatibilityDate: undefined }) },
  { what: "no logs", rule: "observability-on", change: worker({ observability: { enabled: false } }) },
  {
    what: "no request that is logged",
    rule: "observability-on",
    change: worker({ observability: { enabled: true, headSamplingRate: 0 } }),
  },
  {
    what: "logs that are off beside traces",
    rule: "observability-on",
    change: worker({ observability: { enabled: true, logs: { enabled: false } } }),
  },
  { what: "rows kept for a day", rule: "observability-on", change: variable("GENERATION_RETENTION_DAYS", "1") },
  {
    what: "a name of another stack",
    rule: "names-of-stack",
    change: renamed("wandstore-prod-storefront", "wandstore-staging-storefront"),
  },
  {
    what: "a KV namespace without the prefix",
    rule: "names-of-stack",
    change: ofType(TYPES.kvNamespace, ({ props }) => void (props["title"] = "ui-cache")),
  },
  {
    what: "a foreign KV namespace",
    rule: "bindings-of-stack",
    change: bound("kv_namespace", { namespaceId: "0f2ac74b498b48028cb68387c421e279" }),
  },
  {
    what: "a foreign database",
    rule: "bindings-of-stack",
    change: bound("d1", { databaseId: "00000000-1111-4222-8333-444444444444" }),
  },
  {
    what: "another stack's bucket",
    rule: "bindings-of-stack",
    change: bound("r2_bucket", { bucketName: "wandstore-staging-generated-ui" }),
  },
  {
    what: "a class that no migration makes",
    rule: "bindings-of-stack",
    change: bound("durable_object_namespace", { className: "Forgotten" }),
  },
  {
    what: "another stack's Worker as a service",
    rule: "bindings-of-stack",
    change: bindings(
      (list) => void list.push({ type: "service", name: "OTHER", service: "wandstore-staging-storefront" }),
    ),
  },
  {
    what: "a cron trigger of another stack's Worker",
    rule: "bindings-of-stack",
    change: ofType("cloudflare:index/workersCronTrigger:WorkersCronTrigger", ({ props }) => {
      props["scriptName"] = "wandstore-staging-storefront";
    }),
  },
  {
    what: "another stack's Worker as a reader of the logs",
    rule: "bindings-of-stack",
    change: worker({ tailConsumers: [{ name: "wandstore-staging-storefront" }] }),
  },
  {
    what: "a Durable Object class that goes",
    rule: "durable-object-class-removal",
    change: ofType(TYPES.workerVersion, ({ props }) => {
      (props["migrations"] as object[]).push({ tag: "v99", deletedClasses: ["SomeOldClass"] });
    }),
  },
  { what: "no budget", rule: "budget-set", change: variable("ALERT_RULES", '{"cacheHitPercent":70}') },
  {
    what: "a budget below the estimate",
    rule: "cost-within-budget",
    change: variable("ALERT_RULES", '{"cacheHitPercent":70,"monthlyUsd":1}'),
  },
  {
    what: "an estimate above the budget",
    rule: "cost-within-budget",
    change: (resources) => {
      for (const { type, props } of resources) if (type === TYPES.stack) props["costEstimate"] = { monthlyUsd: 1e6 };
    },
  },
  { what: "more KV namespaces than an account has", rule: "account-limits", change: namespaces(1000) },
  {
    what: "pools that take more than an account has",
    rule: "account-limits",
    change: (resources) => {
      const props = { name: "wandstore-prod-more", maxInstances: 10, instanceType: "lite" };
      for (let at = 0; at < 1500; at++) more(TYPES.containerApplication, props)(resources); // with the stack's own, 30,020 GB
    },
  },
];
