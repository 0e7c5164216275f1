import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SECRETS } from "../../runtime/contract/bindings";
import type { Settings } from "../config";

export interface ShopSecretsArgs {
  /** Secrets from the stack's config, by the variable the Worker reads them from. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
  /** Which of those that are made here is in use. */
  readonly rotation: Settings["rotation"];
}

type Generated = (typeof SECRETS)[number];

/** The setting that counts a secret's generations. */
const ROTATED_BY = {
  SHOPPER_SIGNING_KEY: "shopperSigningKey",
  ADMIN_TOKEN: "adminToken",
  WEBHOOK_SIGNING_KEY: "webhookSigningKey",
} as const satisfies Record<Generated, keyof Settings["rotation"]>;

/** What a former key of these signed stays good: shoppers keep their names, and senders have time to learn the new one. */
const KEEPS_FORMER: ReadonlySet<Generated> = new Set(["SHOPPER_SIGNING_KEY", "WEBHOOK_SIGNING_KEY"]);

/** 48 letters and digits are 285 bits: more than SHA-256 can make use of. */
const LENGTH = 48;

/**
 * Every secret the Worker gets: keys of models and webhooks come from config. So do signing keys and the admin token where
 * they are given; else they are made here once and kept in the state, encrypted.
 *
 * @example
 * const given = { KIMI_API_KEY: config.requireSecret("kimiApiKey") };
 * const secrets = new ShopSecrets("secrets", { given, rotation: settings.rotation });
 * export const adminToken = secrets.adminToken;
 */
export class ShopSecrets extends pulumi.ComponentResource {
  readonly values: pulumi.Output<Record<string, string>>;
  readonly adminToken: pulumi.Output<string>;

  constructor(name: string, args: ShopSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:ShopSecrets", name, {}, opts);

    const made = (variable: Generated, generation: number): pulumi.Output<string> => {
      const suffix = generation === 1 ? "" : `-${generation}`;
      const secret = `${name}-${variable.toLowerCase().replaceAll("_", "-")}${suffix}`;
      return new random.RandomPassword(secret, { length: LENGTH, special: false }, { parent: this }).result;
    };
    const givenOrMade = (variable: Generated): pulumi.Output<string> => {
      const given = args.given[variable];
      if (given !== undefined) return given;
      const generation = args.rotation[ROTATED_BY[variable]];
      const newest = made(variable, generation);
      if (generation === 1 || !KEEPS_FORMER.has(variable)) return newest;
      return pulumi.interpolate`${newest},${made(variable, generation - 1)}`;
    };
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
