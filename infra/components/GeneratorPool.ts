import * as pulumi from "@pulumi/pulumi";
import { CONTAINER_CLASS } from "../../runtime/contract/bindings";
import type { Settings } from "../config";
import type { Names } from "../naming";
import { ContainerApplication, DurableObjectNamespace } from "../providers/sdk";
import type { GeneratorImage } from "./GeneratorImage";
import type { StorefrontWorker } from "./StorefrontWorker";

export interface GeneratorPoolArgs {
  /** The container application's name. */
  readonly names: Pick<Names, "generator">;
  readonly settings: Pick<Settings, "accountId" | "pool">;
  /** What runs, by its digest. */
  readonly image: Pick<GeneratorImage, "digest">;
  /** The Worker with the container class, and the deployment that brings the class into being. */
  readonly storefront: Pick<StorefrontWorker, "workerName" | "deployment">;
}

/**
 * The generators: an application that runs the image for each object of the Worker's container class, at most as many at
 * once as the pool has members.
 *
 * @example
 * const pool = new GeneratorPool("pool", { names: namesOf("dev"), settings, image, storefront });
 */
export class GeneratorPool extends pulumi.ComponentResource {
  readonly applicationId: pulumi.Output<string>;

  constructor(name: string, args: GeneratorPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:GeneratorPool", name, {}, opts);
    const { accountId, pool } = args.settings;

    const namespace = new DurableObjectNamespace(
      `${name}-namespace`,
      { accountId, scriptName: args.storefront.workerName, className: CONTAINER_CLASS },
      { parent: this, dependsOn: [args.storefront.deployment] },
    );
    const application = new ContainerApplication(
      `${name}-application`,
      {
        accountId,
        name: args.names.generator,
        namespaceId: namespace.namespaceId,
        image: args.image.digest,
        instanceType: pool.instanceType,
        maxInstances: pool.size,
      },
      { parent: this },
    );

    this.applicationId = application.applicationId;
    this.registerOutputs({ applicationId: this.applicationId });
  }
}
