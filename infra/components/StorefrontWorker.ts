import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { CONTAINER_CLASS, D1_BINDING, DURABLE_OBJECTS, KV_BINDINGS, R2_BINDING } from "../../runtime/contract/bindings";
import { describeBundle, type WorkerBundle } from "../bundle";
import type { Settings } from "../config";
import type { Names } from "../naming";
import { type ArgsOf, WorkersDeployment, WorkersDevUrl, WorkerVersion } from "../providers/sdk";
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
  readonly storage: Pick<EdgeStorage, "namespaceIds" | "databaseId" | "bucketName" | "migrations" | "dataExport">;
  /** What its secret bindings hold, by name. */
  readonly secrets: ShopSecrets["values"];
  /** The generator's image, which has to be there before the code that calls it. */
  readonly image: pulumi.Resource;
}

const MAIN_MODULE = "index.js";
/** From this day on Node's modules are there by themselves, and a flag that asks for them is refused (workerd, compatibility-date.capnp). */
const NODE_BY_DEFAULT = "2026-08-04";
/** Once a day, at an odd minute: what is older than its retention is removed. UTC. */
const HOUSEKEEPING = "17 3 * * *";

/**
 * The Worker at the edge: the Worker itself, a version of its code with all bindings, the deployment that sends requests to
 * that version (or a share of them, `worker.rollout`), the shop's own host name, and the daily housekeeping.
 *
 * @example
 * const storefront = new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
 * export const versionId = storefront.versionId;
 */
export class StorefrontWorker extends pulumi.ComponentResource {
  readonly workerName: pulumi.Output<string>;
  /** The version of this program's code. */
  readonly versionId: pulumi.Output<string>;
  /** Where the Worker answers, without a path. */
  readonly origin: pulumi.Output<string>;
  /** What needs the new code running has to wait for. */
  readonly deployment: WorkersDeployment;
  readonly housekeeping: cloudflare.WorkersCronTrigger;
  /** What asks the Worker at its address has to wait for. */
  readonly reachable: readonly pulumi.Resource[];

  constructor(name: string, args: StorefrontWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:StorefrontWorker", name, {}, opts);
    const { settings, bundle } = args;
    const { accountId, rollback, observability } = settings;

    const worker = new cloudflare.Worker(
      `${name}-worker`,
      {
        accountId,
        name: settings.worker.name ?? args.names.worker,
        subdomain: { enabled: settings.worker.subdomain, previewsEnabled: false },
        observability: { enabled: true, headSamplingRate: observability.sampling },
      },
      // With the Worker go its Durable Objects and all they hold. It goes before its data is exported.
      { parent: this, protect: settings.protect, dependsOn: [args.storage.dataExport] },
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
          { name: `${MAIN_MODULE}.map`, contentType: "application/source-map", ...bundle.sourceMap },
        ],
        compatibilityDate: settings.worker.compatibilityDate,
        compatibilityFlags: settings.worker.compatibilityDate < NODE_BY_DEFAULT ? ["nodejs_compat"] : [],
        bindings: bindingsOf(args.storage, workerVars(settings, bundle.buildId)),
        secrets: args.secrets,
        containers: [{ className: CONTAINER_CLASS }],
        migrations: [...DURABLE_OBJECT_HISTORY],
        message: `build ${bundle.buildId}`,
      },
      { parent: this, dependsOn: [args.storage.migrations, args.image] },
    );
    this.deployment = new WorkersDeployment(
      `${name}-deployment`,
      {
        accountId,
        scriptName: worker.name,
        versionId: rollback?.versionId ?? version.versionId,
        percentage: rollback ? 100 : settings.worker.rollout,
      },
      { parent: this, dependsOn: [version] },
    );
    this.housekeeping = new cloudflare.WorkersCronTrigger(
      `${name}-housekeeping`,
      { accountId, scriptName: worker.name, schedules: [{ cron: HOUSEKEEPING }] },
      { parent: this, dependsOn: [this.deployment] },
    );
    this.reachable = [this.deployment, ...this.#domain(name, settings, worker)];

    pulumi.log.info(describeBundle(bundle), this);
    version.startupTimeMs.apply((ms) => {
      if (ms !== undefined) void pulumi.log.info(`Worker starts in ${ms} ms`, this);
    });
    this.workerName = worker.name;
    this.versionId = version.versionId;
    this.origin = this.#origin(name, settings, worker);
    this.registerOutputs({ workerName: this.workerName, versionId: this.versionId, origin: this.origin });
  }

  /** The shop's own host name, where it has one. */
  #domain(
    name: string,
    { accountId, worker: { domain, zone } }: Settings,
    worker: cloudflare.Worker,
  ): pulumi.Resource[] {
    if (domain === undefined) return [];
    return [
      new cloudflare.WorkersCustomDomain(
        `${name}-domain`,
        { accountId, hostname: domain, service: worker.name, ...(zone === undefined ? {} : { zoneName: zone }) },
        { parent: this, dependsOn: [this.deployment] },
      ),
    ];
  }

  /** The domain; without one the address of the edge that the config names, or the Worker's on workers.dev. */
  #origin(name: string, settings: Settings, worker: cloudflare.Worker): pulumi.Output<string> {
    const {
      accountId,
      edgeUrl,
      worker: { domain },
    } = settings;
    if (domain !== undefined) return pulumi.output(`https://${domain}`);
    if (edgeUrl !== undefined) return pulumi.output(edgeUrl.replace(/\/$/, ""));
    return new WorkersDevUrl(
      `${name}-url`,
      { accountId, scriptName: worker.name },
      { parent: this, dependsOn: [worker] },
    ).url;
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
