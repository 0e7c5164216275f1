import * as pulumi from "@pulumi/pulumi";
import { version } from "../package.json";

export interface ProviderArgs {
  /** Address of Cloudflare's API, up to and with `/client/v4`. Left out: `CLOUDFLARE_BASE_URL`, or Cloudflare's own. */
  readonly baseUrl?: pulumi.Input<string>;
  /** Secret in state, whatever is passed. Left out: `CLOUDFLARE_API_TOKEN`, and then the state does not have it. */
  readonly apiToken?: pulumi.Input<string>;
  /** Account of an id to import that names none. Left out: `CLOUDFLARE_ACCOUNT_ID`. */
  readonly accountId?: pulumi.Input<string>;
}

/**
 * Where resources of our own provider are made. Give it what Cloudflare's own provider gets: otherwise half of a stack goes
 * to another account.
 *
 * @example
 * const config = new pulumi.Config("cloudflare");
 * const provider = new Provider("wandstore", { baseUrl: config.get("baseUrl"), apiToken: config.getSecret("apiToken") });
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts: pulumi.ResourceOptions = {}) {
    const { baseUrl, apiToken, accountId } = args;
    super(
      "wandstore",
      name,
      { baseUrl, apiToken: apiToken === undefined ? undefined : pulumi.secret(apiToken), accountId },
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["apiToken"] }, opts),
    );
  }
}
