import type { Host } from "../../host";

/** How an application's instances are, in the public description's words and in those that wrangler reads. */
export function healthOf(host: Host, namespaceId: string | undefined) {
  const running = namespaceId === undefined ? 0 : host.instances(namespaceId).length;
  return {
    instances: { active: running, assigned: running, healthy: running, failed: 0, starting: 0, scheduling: 0 },
    errors: [],
  };
}
