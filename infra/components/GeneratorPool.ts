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
  readonly settings: Pick<Settings, "accountId" | "pool" | "rollback">;
  /** What runs, by its digest, and the build id that it answers with. */
  readonly image: Pick<GeneratorImage, "digest" | "buildId">;
  /** The Worker with the container class, the deployment that brings the class into being, and where it answers. */
  readonly storefront: Pick<StorefrontWorker, "workerName" | "deployment" | "origin" | "reachable">;
  /** Opens the Worker's route by which the members are asked. */
  readonly adminToken: pulumi.Input<string>;
}

/**
 * The generators: an application that runs the image for each object of the Worker's container class, at most as many at
 * once as the pool has members. A new image counts as rolled out when every member has answered with its build id; if
 * they do not in time, the former image comes back and the deployment fails.
 *
 * @example
 * const pool = new GeneratorPool("pool", { names: namesOf("dev"), settings, image, storefront, adminToken });
 */
export class GeneratorPool extends pulumi.ComponentResource {
  readonly applicationId: pulumi.Output<string>;
  /** The image that runs: the newest, or the one that a rollback asks for. */
  readonly image: pulumi.Output<string>;
  /** Its build id; undefined for a prebuilt image that came without one. */
  readonly buildId: pulumi.Output<string | undefined>;
  /** What needs the pool has to wait for. */
  readonly application: ContainerApplication;

  constructor(name: string, args: GeneratorPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:GeneratorPool", name, {}, opts);
    const { accountId, pool, rollback } = args.settings;
    const { storefront } = args;
    this.image = rollback ? pulumi.output(rollback.image) : args.image.digest;
    this.buildId = rollback ? pulumi.output(rollback.buildId) : args.image.buildId;

    const namespace = new DurableObjectNamespace(
      `${name}-namespace`,
      { accountId, scriptName: storefront.workerName, className: CONTAINER_CLASS },
      { parent: this, dependsOn: [storefront.deployment] },
    );
    this.application = new ContainerApplication(
      `${name}-application`,
      {
        accountId,
        name: args.names.generator,
        namespaceId: namespace.namespaceId,
        image: this.image,
        instanceType: pool.instanceType,
        maxInstances: pool.size,
        ...(pool.verify.enabled && {
          verification: {
            url: storefront.origin,
            token: args.adminToken,
            members: pool.size,
            buildId: this.buildId as pulumi.Output<string>, // left out where there is none
            timeoutSeconds: pool.verify.timeoutSeconds,
          },
        }),
      },
      { parent: this, dependsOn: [...storefront.reachable] },
    );

    this.applicationId = this.application.applicationId;
    this.registerOutputs({ applicationId: this.applicationId, image: this.image, buildId: this.buildId });
  }
}
