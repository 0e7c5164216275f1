import { join, resolve } from "node:path";
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
import { readMigrations } from "./components/readMigrations";
import { readStack } from "./config";
import { namesOf } from "./naming";

const root = resolve(__dirname, "..");
const stack = pulumi.getStack();
const names = namesOf(stack);
const { settings, secrets: given } = readStack();
const { accountId, protect, stores } = settings;
const { worker: bundle, generator: context } = bundleAll(root, stack);
const migrations = readMigrations(join(root, "infra/migrations"));

const storage = new EdgeStorage("storage", { accountId, names, migrations, protect });
const image = new GeneratorImage("generator", { accountId, context });
const secrets = new ShopSecrets("secrets", { given });
const storefront = new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
const pool = new GeneratorPool("pool", { names, settings, image, storefront });
const catalogue = new StoreCatalogue("catalogue", { accountId, storage, folder: join(root, "stores"), stores });

/** Where each shop answers, and the one that the bare address leads to. */
export const storefronts = Object.fromEntries(stores.map((slug) => [slug, storefront.addressOf(slug)]));
export const [defaultStorefront] = stores.map((slug) => storefront.addressOf(slug));
export const { workerName, versionId } = storefront;
export const { applicationId } = pool;
export const imageDigest = image.digest;
export const { schemaLevel } = storage;
export const { catalogues } = catalogue;
export const { adminToken } = secrets;
