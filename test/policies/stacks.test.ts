import { accountLimits } from "../../policies/rules/accountLimits";
import { bindingsOfStack } from "../../policies/rules/bindingsOfStack";
import { budgetSet } from "../../policies/rules/budgetSet";
import { costWithinBudget } from "../../policies/rules/costWithinBudget";
import { dataProtectedInProd } from "../../policies/rules/dataProtectedInProd";
import { r2LifecycleSet } from "../../policies/rules/r2LifecycleSet";
import { workersDevOffInProd } from "../../policies/rules/workersDevOffInProd";
import { TYPES } from "../../policies/types";
import { judge, type Judged, judgeStack, UNKNOWN, versionWith } from "./judge";

describe("r2-lifecycle-set", () => {
  const bucket = { type: TYPES.bucket, name: "pages", props: { name: "wandstore-dev-generated-ui" } };
  const rule = { id: "expire", enabled: true, deleteObjectsTransition: { condition: { type: "Age", maxAge: 1 } } };
  const lifecycle = (props: Record<string, unknown>) => ({
    type: TYPES.bucketLifecycle,
    props: { bucketName: "wandstore-dev-generated-ui", rules: [rule], ...props },
  });

  test.each([
    {},
    { bucketName: UNKNOWN },
    { rules: UNKNOWN },
    { rules: [{ ...rule, conditions: { prefix: "generated/" } }] },
    { rules: [{ ...rule, deleteObjectsTransition: { condition: { type: "Age", maxAge: 90 * 86_400 } } }] },
    { rules: [{ id: "move", enabled: true, storageClassTransitions: [] }, rule] },
  ])("a bucket with a lifecycle (%j) is fine", async (props) => {
    expect(await judgeStack(r2LifecycleSet, [bucket, lifecycle(props)])).toEqual([]);
  });

  test.each([
    { bucketName: "wandstore-dev-generated-ui-2" },
    { rules: [{ ...rule, enabled: false }] },
    { rules: [{ id: "expire", enabled: true }] },
    { rules: [{ ...rule, conditions: { prefix: "nothing/" } }] },
    { rules: [{ ...rule, deleteObjectsTransition: {} }] },
    { rules: [{ ...rule, deleteObjectsTransition: { condition: { type: "Age", maxAge: 90 * 86_400 + 1 } } }] },
    { rules: [{ ...rule, deleteObjectsTransition: { condition: { type: "Date", date: "2026-12-01T00:00:00Z" } } }] },
    { rules: [] },
  ])("a bucket whose lifecycle is %j is refused", async (props) => {
    expect(await judgeStack(r2LifecycleSet, [bucket, lifecycle(props)])).toEqual([[expect.any(String), "pages"]]);
  });

  test("a bucket without one is refused, a stack without a bucket is not", async () => {
    expect(await judgeStack(r2LifecycleSet, [bucket])).toHaveLength(1);
    expect(await judgeStack(r2LifecycleSet, [])).toEqual([]);
  });
});

describe("data-protected-in-prod", () => {
  const HOLDING = [TYPES.kvNamespace, TYPES.database, TYPES.bucket, TYPES.worker, TYPES.script];
  const stack = (environment: string, protect: boolean): Judged[] => [
    versionWith({ ENVIRONMENT: environment }),
    ...HOLDING.map((type) => ({ type, name: type, props: {}, protect })),
    { type: TYPES.bucketLifecycle, name: "lifecycle", props: {} },
  ];

  test("what holds data is protected in prod, and only there it has to be", async () => {
    expect(await judgeStack(dataProtectedInProd, stack("prod", true))).toEqual([]);
    expect(await judgeStack(dataProtectedInProd, stack("staging", false))).toEqual([]);
  });

  test("each that is not is named", async () => {
    const found = await judgeStack(dataProtectedInProd, stack("prod", false));
    expect(found.map(([, name]) => name)).toEqual(HOLDING);
  });

  test("a stack called prod is one, where no Worker says otherwise", async () => {
    const namespace = { type: TYPES.kvNamespace, props: {}, stack: "prod" };
    expect(await judgeStack(dataProtectedInProd, [namespace])).toHaveLength(1);
    expect(await judgeStack(dataProtectedInProd, [namespace, versionWith({ ENVIRONMENT: "dev" })])).toEqual([]);
  });
});

describe("workers-dev-off-in-prod", () => {
  const stack = (environment: string, props: object, type: string = TYPES.worker): Judged[] => [
    versionWith({ ENVIRONMENT: environment }),
    { type, name: "worker", props: { ...props } },
  ];
  test.each([
    ["prod", { subdomain: { enabled: false, previewsEnabled: false } }, 0],
    ["prod", { subdomain: { enabled: true, previewsEnabled: true } }, 1],
    ["prod", { subdomain: { enabled: false, previewsEnabled: true } }, 1],
    ["prod", {}, 0],
    ["staging", { subdomain: { enabled: true } }, 0],
  ])("%s with %j gives %d", async (environment, props, violations) => {
    expect(await judgeStack(workersDevOffInProd, stack(environment, props))).toHaveLength(violations);
  });

  test("the provider's own resource for it counts", async () => {
    const on = stack("prod", { enabled: true }, TYPES.scriptSubdomain);
    expect(await judgeStack(workersDevOffInProd, on)).toEqual([[expect.any(String), "worker"]]);
  });
});

describe("bindings-of-stack", () => {
  const migrations = [
    { tag: "v1", newSqliteClasses: ["Queue"] },
    { tag: "v2", renamedClasses: [{ from: "A", to: "B" }] },
  ];
  const stack = (binding: object, type: string = TYPES.workerVersion): Judged[] => [
    { type: TYPES.kvNamespace, name: "kv", props: { id: "kv-1", title: "t" } },
    { type: TYPES.kvNamespace, name: "new", props: { id: UNKNOWN, title: "u" } },
    { type: TYPES.database, name: "db", props: { id: "db-1", uuid: "db-1" } },
    { type: TYPES.bucket, name: "bucket", props: { name: "pages", id: UNKNOWN } },
    { type: TYPES.worker, name: "worker", props: { name: "storefront" } },
    { type: "cloudflare:index/workflow:Workflow", name: "orders", props: { workflowName: "orders" } },
    { type, name: "version", props: { bindings: [{ name: "IT", ...binding }], migrations } },
  ];

  test.each([
    { type: "kv_namespace", namespaceId: "kv-1" },
    { type: "kv_namespace", namespaceId: UNKNOWN },
    { type: "d1", databaseId: "db-1" },
    { type: "r2_bucket", bucketName: "pages" },
    { type: "service", service: "storefront" },
    { type: "durable_object_namespace", className: "Queue" },
    { type: "durable_object_namespace", className: "B" },
    { type: "durable_object_namespace", className: "Elsewhere", scriptName: "storefront" },
    { type: "plain_text", text: "kv-2" },
    { type: "version_metadata" },
    { type: "hyperdrive", id: UNKNOWN },
    { type: "workflow", workflowName: "orders" },
  ])("%j is fine", async (binding) => {
    expect(await judgeStack(bindingsOfStack, stack(binding))).toEqual([]);
  });

  test.each([
    { type: "kv_namespace", namespaceId: "kv-2" },
    { type: "kv_namespace", namespaceId: "db-1" }, // another kind of thing
    { type: "d1", databaseId: "db-2" },
    { type: "r2_bucket", bucketName: "pages-2" },
    { type: "service", service: "storefront-2" },
    { type: "queue", queueName: "jobs" },
    { type: "durable_object_namespace", className: "A" },
    { type: "durable_object_namespace", className: "Queue", scriptName: "other" },
    { type: "hyperdrive", id: "0f2ac74b" },
    { type: "dispatch_namespace", namespace: "others" },
    { type: "mtls_certificate", certificateId: "0f2ac74b" },
    { type: "pipelines", pipeline: "others" },
    { type: "secrets_store_secret", storeId: "0f2ac74b", secretName: "x" },
    { type: "vectorize", indexName: "others" },
    { type: "workflow", workflowName: "others" },
  ])("%j is refused", async (binding) => {
    expect(await judgeStack(bindingsOfStack, stack(binding))).toEqual([[expect.stringContaining("IT"), "version"]]);
  });

  test.each([
    ["cloudflare:index/workersCronTrigger:WorkersCronTrigger", "scriptName"],
    ["cloudflare:index/workersCustomDomain:WorkersCustomDomain", "service"],
    ["cloudflare:index/workersRoute:WorkersRoute", "script"],
    ["wandstore:index:WorkersDeployment", "scriptName"],
  ])("%s takes by %s a Worker of this stack, no other", async (type, property) => {
    const naming = (worker: string): Judged[] => [
      { type: TYPES.worker, name: "worker", props: { name: "storefront" } },
      { type, name: "it", props: { [property]: worker } },
    ];
    expect(await judgeStack(bindingsOfStack, naming("storefront"))).toEqual([]);
    expect(await judgeStack(bindingsOfStack, naming(UNKNOWN))).toEqual([]);
    expect(await judgeStack(bindingsOfStack, naming("storefront-2"))).toEqual([
      ['it names the Worker "storefront-2", which this stack does not make.', "it"],
    ]);
    expect(await judgeStack(bindingsOfStack, naming("storefront-2"), { shared: ["storefront-2"] })).toEqual([]);
  });

  test("whoever reads a Worker's logs is a Worker of this stack", async () => {
    const tailed = (name: string): Judged[] => [
      { type: TYPES.worker, name: "worker", props: { name: "storefront", tailConsumers: [{ name }] } },
    ];
    expect(await judgeStack(bindingsOfStack, tailed("storefront"))).toEqual([]);
    expect(await judgeStack(bindingsOfStack, tailed("spy"))).toEqual([[expect.stringContaining('"spy"'), "worker"]]);
  });

  test("the provider's own versions are judged, too; what is shared on purpose is not", async () => {
    const foreign = { type: "kv_namespace", namespaceId: "kv-2" };
    expect(await judgeStack(bindingsOfStack, stack(foreign, TYPES.script))).toHaveLength(1);
    expect(await judgeStack(bindingsOfStack, stack(foreign), { shared: ["kv-2"] })).toEqual([]);
  });
});

describe("budgets", () => {
  const rules = (monthlyUsd?: unknown) => JSON.stringify({ cacheHitPercent: 70, monthlyUsd });
  test.each([
    [{ ENVIRONMENT: "prod", ALERT_RULES: rules(100) }, 0],
    [{ ENVIRONMENT: "prod", ALERT_RULES: rules() }, 1],
    [{ ENVIRONMENT: "prod", ALERT_RULES: rules(0) }, 1],
    [{ ENVIRONMENT: "prod", ALERT_RULES: "no JSON" }, 1],
    [{ ENVIRONMENT: "shop" }, 1],
    [{ ENVIRONMENT: "prod", ALERT_RULES: UNKNOWN }, 0],
    [{ ENVIRONMENT: "dev" }, 0],
    [{ OTHER: "x" }, 0],
  ])("budget-set: %j gives %d", async (variables, violations) => {
    expect(await judge(budgetSet, versionWith(variables))).toHaveLength(violations);
  });

  const stack = (costEstimate: unknown, budget?: number): Judged[] => [
    versionWith({ ENVIRONMENT: "prod", ALERT_RULES: rules(budget) }),
    { type: TYPES.stack, name: "wandstore-prod", props: costEstimate === undefined ? {} : { costEstimate } },
  ];
  test.each([
    [{ monthlyUsd: 100 }, 100, {}, 0],
    [{ monthlyUsd: 100.01 }, 100, {}, 1],
    [{ monthlyUsd: 81 }, 100, { mostPercent: 80 }, 1],
    [{ monthlyUsd: 1e6 }, undefined, {}, 0], // budget-set's matter
    [UNKNOWN, 100, {}, 0],
    [undefined, 100, {}, 1],
  ])("cost-within-budget: an estimate of %j for %s (%j) gives %d", async (estimate, budget, config, violations) => {
    const found = await judgeStack(costWithinBudget, stack(estimate, budget), config);
    expect(found.map(([, name]) => name)).toEqual(Array.from({ length: violations }, () => "wandstore-prod"));
  });
});

describe("account-limits", () => {
  const pool = (maxInstances: number, instanceType: string): Judged => ({
    type: TYPES.containerApplication,
    name: "pool",
    props: { maxInstances, instanceType },
  });
  const namespaces = (count: number): Judged[] =>
    Array.from({ length: count }, (_, at) => ({ type: TYPES.kvNamespace, name: `kv-${at}`, props: {} }));

  test.each([
    ["1,000 namespaces", namespaces(1000), {}, 0],
    ["1,001 namespaces", namespaces(1001), {}, 1],
    ["4 namespaces in each of 250 stacks", namespaces(4), { stacks: 250 }, 0],
    ["4 namespaces in each of 251 stacks", namespaces(4), { stacks: 251 }, 1],
    ["pools of 1,500 vCPUs", [pool(50, "standard-4"), pool(325, "standard-4")], {}, 0],
    ["pools of 1,504 vCPUs", [pool(50, "standard-4"), pool(326, "standard-4")], {}, 1],
    ["a memory of 6 TiB", [pool(1024, "standard-2")], {}, 0],
    ["a larger one", [pool(1025, "standard-2")], {}, 1],
    ["a pool of 10 in each of 2,400 stacks", [pool(10, "lite")], { stacks: 2400 }, 1], // 1,500 vCPUs, but 48 TB
  ])("%s", async (_, resources, config, violations) => {
    expect(await judgeStack(accountLimits, resources, config)).toHaveLength(violations);
  });

  test("says what it takes and what there is", async () => {
    expect(await judgeStack(accountLimits, namespaces(4), { stacks: 300 })).toEqual([
      ["300 stacks of 4 KV namespaces take 1200; the account has 1000.", "kv-0"],
    ]);
  });
});
