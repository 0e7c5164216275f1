import { connectCloudflare, type Cloudflare } from "../../../infra/cloudflare";
import { connectionOf } from "../../../infra/providers/config";
import type { CloudConnection } from "../../cloud";
import { DeployError } from "../errors";
import { readStackConfig } from "../stack/project";

/** The account that a stack is in, and the doors to it. */
export interface StackAccount extends Cloudflare {
  readonly accountId: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The embedded cloud as the account of a stack. */
export function embeddedAccount({ apiUrl, apiToken, accountId }: CloudConnection): StackAccount {
  return { ...connectCloudflare({ baseUrl: apiUrl, apiToken }), accountId };
}

/**
 * The real account of a stack: address and token as Pulumi's provider takes them (the stack's config, then the
 * environment), the account as the program takes it.
 * @throws DeployError ACCOUNT_UNKNOWN where something of it is not said
 */
export function realAccount(projectDir: string, project: string, stack: string, env: Environment): StackAccount {
  const offline = readStackConfig(projectDir, project, stack, true);
  const isTokenKept = offline.secretKeys.includes("cloudflare:apiToken");
  const { values } = isTokenKept ? readStackConfig(projectDir, project, stack, false, env) : offline;
  const { "cloudflare:baseUrl": address, "cloudflare:apiToken": token } = values;
  const { baseUrl, apiToken } = connectionOf(
    { ...(address === undefined ? {} : { baseUrl: address }), ...(token === undefined ? {} : { apiToken: token }) },
    env,
  );
  const accountId = values[`${project}:accountId`] ?? env.CLOUDFLARE_ACCOUNT_ID ?? "";
  const missing = [
    ...(accountId === "" ? [`the account: set CLOUDFLARE_ACCOUNT_ID, or ${project}:accountId of the stack`] : []),
    ...(apiToken === "" ? ["a token for it: set CLOUDFLARE_API_TOKEN, or cloudflare:apiToken of the stack"] : []),
  ];
  if (missing.length > 0) {
    throw new DeployError(
      "ACCOUNT_UNKNOWN",
      `stack "${stack}" is in a real account. Nobody says ${missing.join("; nor ")}`,
    );
  }
  return { ...connectCloudflare({ baseUrl, apiToken }), accountId };
}
