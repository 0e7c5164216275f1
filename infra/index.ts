import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundleAll } from "./bundle";
import * as components from "./components";
import { readMigrations } from "./components/readMigrations";
import { readStack, warningsOf } from "./config";
import { estimateCost } from "./cost";
import { namesOf } from "./naming";

const root = resolve(__dirname, "..");
const names = namesOf(pulumi.getStack());
const { settings, secrets: given, alertWebhookUrl: webhookUrl, cloudflare } = readStack();
const { accountId, stores, image: prebuilt } = settings;
for (const warning of warningsOf(settings, Object.keys(given))) void pulumi.log.warn(warning);
const { worker: bundle, generator: context } = bundleAll(root, pulumi.getStack());
const migrations = readMigrations(join(root, "infra/migrations"));

const at = { providers: { wandstore: new components.Provider("wandstore", cloudflare) } };
const storage = new components.EdgeStorage("storage", { names, settings, migrations }, at);
const image = new components.GeneratorImage("generator", { accountId, context, prebuilt }, at);
const { values: secrets, adminToken } = new components.ShopSecrets("secrets", { given }, at);
const parts = { names, settings, bundle, storage, secrets, image, adminToken };
const storefront = new components.StorefrontWorker("storefront", parts, at);
const pool = new components.GeneratorPool("pool", { ...parts, storefront }, at);
const catalogue = new components.StoreCatalogue("catalogue", { ...parts, folder: join(root, "stores") }, at);
const release = new components.ReleaseRecord("release", { ...parts, storefront, pool, catalogue }, at);
void new components.Alerts("alerts", { names, settings, webhookUrl }, at);

/** Where each shop answers, and the one that the bare address leads to. */
export const storefronts = Object.fromEntries(stores.map((slug) => [slug, storefront.addressOf(slug)]));
export const [defaultStorefront] = stores.map((slug) => storefront.addressOf(slug));
export const { workerName, versionId } = storefront;
export const { applicationId, image: imageDigest, buildId: generatorBuildId } = pool;
export const { schemaLevel } = storage;
export const { catalogues } = catalogue;
export const { releaseId } = release;
export const costEstimate = estimateCost(settings);
export { adminToken };
