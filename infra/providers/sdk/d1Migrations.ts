import type * as pulumi from "@pulumi/pulumi";
import type { D1MigrationsInputs, D1MigrationsOutputs } from "../resources/d1Migrations";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** The migrations of a D1 database. */
export class D1Migrations extends WandStoreResource {
  /** Name of the last migration that the database has. */
  declare readonly level: pulumi.Output<string>;
  /** Time Travel bookmark from just before the last migration was applied. */
  declare readonly bookmark: pulumi.Output<string | undefined>;

  constructor(name: string, args: ArgsOf<D1MigrationsInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof D1MigrationsOutputs, undefined> = { level: undefined, bookmark: undefined };
    super("D1Migrations", name, { ...args, ...outputs }, opts);
  }
}
