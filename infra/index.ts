import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundleAll } from "./bundle";
import * as components from "./components";
import { readStack, warningsOf } from "./config";
import { estimateCost } from "./cost";
import { namesOf } from "./naming";

/** Makes a stack. Its stores are read before anything is asked for: one that cannot be read leaves all as it is. */
async function deploy(root: string): Promise<Record<string, unknown>> {
  const names = namesOf(pulumi.getStack());
  const { settings, secrets: given, alertWebhookUrl: webhookUrl, storefrontTokens, cloudflare } = readStack();
  const { accountId, stores, image: prebuilt } = settings;
  for (const warning of warningsOf(settings, Object.keys(given))) void pulumi.log.warn(warning);
  const records = await components.readStores(join(root, "stores"), stores, storefrontTokens);
  const { worker: bundle, generator: context } = bundleAll(root, pulumi.getStack());
  const migrations = components.readMigrations(join(root, "infra/migrations"));

  const at = { providers: { wandstore: new components.Provider("wandstore", cloudflare) } };
  const storage = new components.EdgeStorage("storage", { names, settings, migrations }, at);
  const image = new components.GeneratorImage("generator", { accountId, context, prebuilt }, at);
  const { values: secrets, adminToken } = new components.ShopSecrets(
    "secrets",
    { given, rotation: settings.rotation },
    at,
  );
  const parts = { names, settings, bundle, storage, secrets, image, adminToken };
  const storefront = new components.StorefrontWorker("storefront", parts, at);
  const pool = new components.GeneratorPool("pool", { ...parts, storefront }, at);
  const catalogue = new components.StoreCatalogue("catalogue", { ...parts, records }, at);
  const release = new components.ReleaseRecord("release", { ...parts, storefront, pool, catalogue }, at);
  void new components.Alerts("alerts", { names, settings, webhookUrl }, at);
  const { workerName, versionId } = storefront;
  const { applicationId, image: imageDigest, buildId: generatorBuildId } = pool;
  const [{ schemaLevel }, { catalogues }, { releaseId }] = [storage, catalogue, release];
  const storefronts = Object.fromEntries(stores.map((slug) => [slug, storefront.addressOf(slug)]));
  const defaultStorefront = storefronts[stores[0] ?? ""];
  const made = { storefronts, defaultStorefront, workerName, versionId, applicationId, imageDigest, generatorBuildId };
  return { ...made, schemaLevel, catalogues, releaseId, costEstimate: estimateCost(settings), adminToken };
}
export = deploy(resolve(__dirname, ".."));
