import { namesOf } from "../../../infra/naming";
import type { CloudConnection } from "../../cloud";
import { DeployError } from "../errors";
import type { StackConfig } from "./project";

interface WorkerSetting {
  name?: string;
  subdomain?: boolean;
}
interface PoolSetting {
  verify?: { enabled?: boolean };
}

/** Whether a stack is one merchant's shop, of which a cloud may have hundreds. */
const isMerchant = ({ values }: StackConfig, project: string): boolean => values[`${project}:environment`] === "shop";

/**
 * The cloud as a merchant's stack sees it: its Worker has a host of its own at the edge, `{worker}.localhost`, because the bare
 * address leads to one Worker alone. Browsers and curl know that such hosts are this machine.
 * @throws DeployError BAD_STACK_NAME
 */
export function atOwnHost(
  cloud: CloudConnection,
  config: StackConfig,
  project: string,
  stack: string,
): CloudConnection {
  if (!isMerchant(config, project)) return cloud;
  const { subdomain } = settingOf<WorkerSetting>(config, `${project}:worker`);
  if (subdomain === false) return cloud; // such a Worker has no host but its domain
  const edge = new URL(cloud.edgeUrl);
  edge.hostname = `${workerOf(config, project, stack)}.localhost`;
  return { ...cloud, edgeUrl: edge.origin };
}

/**
 * A merchant's config without the verification of every member of the pool, unless the file asks for it: on one machine it would
 * start all containers of all shops, some 100 MB each. A shop's containers are started when they have something to do.
 */
export function unverified(config: StackConfig, project: string): StackConfig {
  const key = `${project}:pool`;
  const pool = settingOf<PoolSetting>(config, key);
  if (!isMerchant(config, project) || pool.verify?.enabled !== undefined) return config;
  const value = JSON.stringify({ ...pool, verify: { ...pool.verify, enabled: false } });
  return { ...config, values: { ...config.values, [key]: value } };
}

/** What cannot be read is for the program to refuse, with all that is wrong; here it says nothing. */
function settingOf<Setting extends object>({ values }: StackConfig, key: string): Partial<Setting> {
  try {
    const value: unknown = JSON.parse(values[key] ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What a stack's Worker is called in the account. @throws DeployError BAD_STACK_NAME */
export function workerOf(config: StackConfig, project: string, stack: string): string {
  try {
    return settingOf<WorkerSetting>(config, `${project}:worker`).name ?? namesOf(stack).worker;
  } catch (cause) {
    throw new DeployError("BAD_STACK_NAME", (cause as Error).message, { cause });
  }
}
