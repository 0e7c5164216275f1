import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SECRETS } from "../../runtime/contract/bindings";

export interface ShopSecretsArgs {
  /** Secrets from the stack's config, by the variable the Worker reads them from. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
}

type Generated = (typeof SECRETS)[number];

/** 48 letters and digits are 285 bits: more than SHA-256 can make use of. */
const LENGTH = 48;

/**
 * Every secret the Worker gets: keys of models and webhooks come from config. So do signing keys and the admin token where
 * they are given; else they are made here once and kept in the state, encrypted.
 *
 * @example
 * const secrets = new ShopSecrets("secrets", { given: { KIMI_API_KEY: config.requireSecret("kimiApiKey") } });
 * export const adminToken = secrets.adminToken;
 */
export class ShopSecrets extends pulumi.ComponentResource {
  readonly values: pulumi.Output<Record<string, string>>;
  readonly adminToken: pulumi.Output<string>;

  constructor(name: string, args: ShopSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:ShopSecrets", name, {}, opts);

    const givenOrMade = (variable: Generated): pulumi.Output<string> =>
      args.given[variable] ??
      new random.RandomPassword(
        `${name}-${variable.toLowerCase().replaceAll("_", "-")}`,
        { length: LENGTH, special: false },
        { parent: this },
      ).result;
    const generated: Record<Generated, pulumi.Output<string>> = {
      SHOPPER_SIGNING_KEY: givenOrMade("SHOPPER_SIGNING_KEY"),
      ADMIN_TOKEN: givenOrMade("ADMIN_TOKEN"),
      WEBHOOK_SIGNING_KEY: givenOrMade("WEBHOOK_SIGNING_KEY"),
    };

    this.values = pulumi.secret(pulumi.all({ ...args.given, ...generated }));
    this.adminToken = pulumi.secret(generated.ADMIN_TOKEN);
    this.registerOutputs({ adminToken: this.adminToken });
  }
}
