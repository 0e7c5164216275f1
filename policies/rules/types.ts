/** Resource types that rules look at. */
export const TYPES = {
  kvNamespace: "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
  database: "cloudflare:index/d1Database:D1Database",
  bucket: "cloudflare:index/r2Bucket:R2Bucket",
  bucketLifecycle: "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
  worker: "cloudflare:index/worker:Worker",
  workerVersion: "wandstore:index:WorkerVersion",
  containerApplication: "wandstore:index:ContainerApplication",
} as const;
