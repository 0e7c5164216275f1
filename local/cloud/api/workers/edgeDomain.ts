import type { Services } from "../../services";

/** What follows a Worker's name in its address at the edge: the account's subdomain in place of workers.dev's, and the port. */
export function edgeDomain({ account, host }: Services): string {
  const below = account.workersSubdomain === "" ? "" : `${account.workersSubdomain}.`;
  return `${below}localhost:${new URL(host.edgeUrl).port}`;
}
