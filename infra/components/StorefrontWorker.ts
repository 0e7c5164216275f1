import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { CONTAINER_CLASS, D1_BINDING, DURABLE_OBJECTS, KV_BINDINGS, R2_BINDING } from "../../runtime/contract/bindings";
import type { WorkerBundle } from "../bundle";
import type { Settings } from "../config";
import type { Names } from "../naming";
import { type ArgsOf, WorkerVersion } from "../providers/sdk";
import type { Binding } from "../providers/resources/workerBindings";
import { DURABLE_OBJECT_HISTORY } from "./durableObjectHistory";
import type { EdgeStorage } from "./EdgeStorage";
import type { ShopSecrets } from "./ShopSecrets";
import { workerVars } from "./workerVars";

export interface StorefrontWorkerArgs {
  /** The Worker's name, where the settings have no other. */
  readonly names: Pick<Names, "worker">;
  readonly settings: Settings;
  /** Its code; the path is relative to the project. */
  readonly bundle: WorkerBundle;
  /** Where it keeps its data, at the schema it needs. */
  readonly storage: Pick<EdgeStorage, "namespaceIds" | "databaseId" | "bucketName" | "migrations">;
  /** What its secret bindings hold, by name. */
  readonly secrets: Pick<ShopSecrets, "values">;
  /** The generator's image, which has to be there before the code that calls it. */
  readonly image: pulumi.Resource;
}

const MAIN_MODULE = "index.js";

/**
 * The Worker at the edge: the Worker itself, a version of its code with all bindings, and the deployment that sends
 * every request to that version.
 *
 * @example
 * const storefront = new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
 * export const versionId = storefront.versionId;
 */
export class StorefrontWorker extends pulumi.ComponentResource {
  readonly workerName: pulumi.Output<string>;
  readonly versionId: pulumi.Output<string>;
  /** Where the Worker answers, without a path. */
  readonly origin: pulumi.Output<string>;
  /** What needs the new code running has to wait for. */
  readonly deployment: cloudflare.WorkersDeployment;

  constructor(name: string, args: StorefrontWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:StorefrontWorker", name, {}, opts);
    const { settings, bundle } = args;
    const { accountId } = settings;

    const worker = new cloudflare.Worker(
      `${name}-worker`,
      {
        accountId,
        name: settings.worker.name ?? args.names.worker,
        subdomain: { enabled: settings.worker.subdomain, previewsEnabled: false },
        observability: { enabled: true, headSamplingRate: 1 },
      },
      // With the Worker go its Durable Objects and all they hold.
      { parent: this, protect: settings.protect },
    );
    const version = new WorkerVersion(
      `${name}-version`,
      {
        accountId,
        workerId: worker.id,
        scriptName: worker.name,
        mainModule: MAIN_MODULE,
        modules: [
          {
            name: MAIN_MODULE,
            contentType: "application/javascript+module",
            file: bundle.file,
            sha256: bundle.sha256,
          },
        ],
        compatibilityDate: settings.worker.compatibilityDate,
        compatibilityFlags: ["nodejs_compat"],
        bindings: bindingsOf(args.storage, workerVars(settings, bundle.buildId)),
        secrets: args.secrets.values,
        containers: [{ className: CONTAINER_CLASS }],
        migrations: [...DURABLE_OBJECT_HISTORY],
      },
      { parent: this, dependsOn: [args.storage.migrations, args.image] },
    );
    this.deployment = new cloudflare.WorkersDeployment(
      `${name}-deployment`,
      {
        accountId,
        scriptName: worker.name,
        strategy: "percentage",
        versions: [{ versionId: version.versionId, percentage: 100 }],
      },
      { parent: this },
    );

    this.workerName = worker.name;
    this.versionId = version.versionId;
    this.origin = originOf(settings, worker);
    this.registerOutputs({ workerName: this.workerName, versionId: this.versionId, origin: this.origin });
  }

  /** Where a shop answers. */
  addressOf(slug: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.origin}/s/${slug}`;
  }
}

/** Everything but secrets that the Worker finds in its environment, sorted by name as Cloudflare answers it. */
function bindingsOf(storage: StorefrontWorkerArgs["storage"], vars: Record<string, string>): ArgsOf<Binding>[] {
  const bindings: (ArgsOf<Binding> & { name: string })[] = [
    ...KV_BINDINGS.map((name) => ({ type: "kv_namespace" as const, name, namespaceId: storage.namespaceIds[name] })),
    { type: "d1", name: D1_BINDING, databaseId: storage.databaseId },
    { type: "r2_bucket", name: R2_BINDING, bucketName: storage.bucketName },
    ...Object.entries(DURABLE_OBJECTS).map(([name, className]) => ({
      type: "durable_object_namespace" as const,
      name,
      className,
    })),
    ...Object.entries(vars).map(([name, text]) => ({ type: "plain_text" as const, name, text })),
  ];
  return bindings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The domain; without one the address of the edge that the config names, or the Worker's on workers.dev. */
function originOf({ worker: { domain }, edgeUrl }: Settings, worker: cloudflare.Worker): pulumi.Output<string> {
  if (domain !== undefined) return pulumi.output(`https://${domain}`);
  if (edgeUrl !== undefined) return pulumi.output(edgeUrl.replace(/\/$/, ""));
  return worker.subdomain.apply(({ url = "" }) => (/^https?:/.test(url) ? url : `https://${url}`).replace(/\/$/, ""));
}
