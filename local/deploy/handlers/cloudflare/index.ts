import type Cloudflare from "cloudflare";
import { isRefusal } from "../context";
import type { Handler } from "../handler";
import { d1Database } from "./d1Database";
import { kvNamespace } from "./kvNamespace";
import { kvValue } from "./kvValue";
import { notificationPolicy } from "./notificationPolicy";
import { notificationPolicyWebhooks } from "./notificationPolicyWebhooks";
import { r2Bucket } from "./r2Bucket";
import { r2BucketLifecycle } from "./r2BucketLifecycle";
import { worker } from "./worker";
import { workersCronTrigger } from "./workersCronTrigger";
import { workersCustomDomain } from "./workersCustomDomain";
import { workersDeployment } from "./workersDeployment";

/** Handlers of the types of @pulumi/cloudflare that WandStore declares. */
export function cloudflareHandlers(client: () => Cloudflare): Record<string, Handler> {
  const handlers = {
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": kvNamespace(client),
    "cloudflare:index/workersKv:WorkersKv": kvValue(client),
    "cloudflare:index/d1Database:D1Database": d1Database(client),
    "cloudflare:index/r2Bucket:R2Bucket": r2Bucket(client),
    "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle": r2BucketLifecycle(client),
    "cloudflare:index/notificationPolicy:NotificationPolicy": notificationPolicy(client),
    "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks": notificationPolicyWebhooks(client),
    "cloudflare:index/worker:Worker": worker(client),
    "cloudflare:index/workersCronTrigger:WorkersCronTrigger": workersCronTrigger(client),
    "cloudflare:index/workersCustomDomain:WorkersCustomDomain": workersCustomDomain(client),
    "cloudflare:index/workersDeployment:WorkersDeployment": workersDeployment(client),
  };
  return Object.fromEntries(Object.entries(handlers).map(([type, handler]) => [type, { ...handler, isRefusal }]));
}
