/** Resource types that rules look at: the provider's own, and ours (`wandstore:…`). */
export const TYPES = {
  stack: "pulumi:pulumi:Stack",
  kvNamespace: "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
  kvValue: "cloudflare:index/workersKv:WorkersKv",
  database: "cloudflare:index/d1Database:D1Database",
  bucket: "cloudflare:index/r2Bucket:R2Bucket",
  bucketLifecycle: "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
  queue: "cloudflare:index/queue:Queue",
  worker: "cloudflare:index/worker:Worker",
  workerVersion: "wandstore:index:WorkerVersion",
  /** A version by the provider's own resource. */
  plainVersion: "cloudflare:index/workerVersion:WorkerVersion",
  /** Worker, version and deployment in one. */
  script: "cloudflare:index/workersScript:WorkersScript",
  scriptSubdomain: "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
  pages: "cloudflare:index/pagesProject:PagesProject",
  notification: "cloudflare:index/notificationPolicy:NotificationPolicy",
  notificationWebhook: "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
  containerApplication: "wandstore:index:ContainerApplication",
  dockerImage: "docker:index/image:Image",
  dockerRegistryImage: "docker:index/registryImage:RegistryImage",
} as const;

/** What carries a Worker's code with its bindings. */
export const CODE: ReadonlySet<string> = new Set([TYPES.workerVersion, TYPES.plainVersion, TYPES.script]);
