import * as pulumi from "@pulumi/pulumi";
import { bundleAll } from "./bundle";
import {
  EdgeStorage,
  GeneratorImage,
  GeneratorPool,
  ShopSecrets,
  StoreCatalogue,
  StorefrontWorker,
} from "./components";
import { readStack } from "./config";
import { readMigrations } from "./migrations";
import { namesOf } from "./naming";
import { buildFolder, PROJECT_ROOT } from "./paths";

const stack = pulumi.getStack();
const names = namesOf(stack);
const { settings, secrets: given } = readStack();
const { accountId, protect, stores } = settings;
const { worker: bundle, generator: context } = bundleAll(PROJECT_ROOT, buildFolder(stack));

const storage = new EdgeStorage("storage", { accountId, names, migrations: readMigrations(), protect });
const image = new GeneratorImage("generator", { accountId, context });
const secrets = new ShopSecrets("secrets", { given });
const storefront = new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
const pool = new GeneratorPool("pool", { names, settings, image, storefront });
const catalogue = new StoreCatalogue("catalogue", { accountId, storage, stores });

/** Where each shop answers. */
export const storefronts = Object.fromEntries(
  stores.map((slug) => [slug, pulumi.interpolate`${storefront.origin}/s/${slug}`]),
);
export const { workerName, versionId } = storefront;
export const { applicationId } = pool;
export const imageDigest = image.digest;
export const { schemaLevel } = storage;
export const { catalogues } = catalogue;
export const { adminToken } = secrets;
