import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type Checkout, STORE_SLUG_PATTERN, type StoreRecord, StoreRecordSchema } from "../../contract/store";
import { isVariantId } from "../checkout/permalink";
import { CatalogueError, type CatalogueProblem, quote } from "./errors";
import { type Manifest, sourceOf, storefrontApi } from "./manifest";
import { readProductsJson } from "./productsJson";
import { readShopifyCsv } from "./shopifyCsv";
import { formatPath, schemaProblems } from "./schemaProblems";
import type { SourceReading, UnpublishedProduct } from "./source";
import { catalogueVersion } from "./version";

/** What one value in Workers KV may be; a store is one value. Source: Cloudflare's "KV limits". */
export const LARGEST_RECORD_BYTES = 25 * 1024 * 1024;

/** A store as it was loaded: what is deployed, and what of the source is not in it. */
export interface LoadedStore {
  record: StoreRecord;
  /** Products that the shop itself does not show; they are not part of the catalogue. */
  unpublished: readonly UnpublishedProduct[];
  /** What was left out because the manifest says `onBadRow: skip`; otherwise empty. */
  skipped: readonly CatalogueProblem[];
}

/** A source file's text and the name that messages give it. */
export interface SourceFile {
  file: string;
  text: string;
}

/** Makes a store of its manifest and its catalogue's file. Throws a CatalogueError with everything that is wrong. */
export function makeStore(slug: string, manifest: Manifest, { file, text }: SourceFile): LoadedStore {
  const read = manifest.catalogue === "products.json" ? readProductsJson : readShopifyCsv;
  return assembleStore(slug, manifest, file, read(text, file, manifest));
}

/** As `makeStore`, of a catalogue that was read already; `file` is what messages call its source. */
export function assembleStore(slug: string, manifest: Manifest, file: string, reading: SourceReading): LoadedStore {
  const { shopUrl, currency, brand, settings } = manifest;
  const { products, unpublished, problems } = reading;
  if (problems.length > 0 && manifest.onBadRow === "refuse") {
    throw new CatalogueError(inOrder(problems), products.length === 0 ? undefined : skipping(products.length));
  }
  if (products.length === 0) {
    const message = `has no product that can be shown (unpublished: ${unpublished.length}, bad rows: ${problems.length})`;
    throw new CatalogueError([...inOrder(problems), { file, line: null, column: null, message }]);
  }
  const record: StoreRecord = {
    version: 1,
    slug,
    name: manifest.name,
    locale: manifest.locale,
    currency,
    shop_url: shopUrl,
    ...(manifest.shopify && { shopify_domain: manifest.shopify.domain }),
    checkout: checkoutOf(manifest, reading),
    brand: {
      primary_color: brand.primaryColor,
      secondary_color: brand.secondaryColor,
      font_family: brand.fontFamily,
      tone: brand.tone,
      ...(brand.tagline !== undefined && { tagline: brand.tagline }),
      ...(brand.mark !== undefined && { mark: brand.mark }),
    },
    settings: {
      ...(settings.cacheTtlSeconds !== undefined && { cache_ttl_seconds: settings.cacheTtlSeconds }),
      consent_required: settings.consentRequired,
      ...(settings.dailyBudgetUsd !== undefined && { daily_budget_usd: settings.dailyBudgetUsd }),
    },
    catalogue: { version: catalogueVersion(products), products },
  };
  return { record: checked(record, file), unpublished, skipped: inOrder(problems) };
}

const skipping = (others: number): string =>
  `${others === 1 ? "1 product has" : `${others} products have`} nothing of this: \`onBadRow: skip\` in store.yaml loads the shop with ` +
  "what can be read (shop create: --skip-bad-rows)";

function checkoutOf(manifest: Manifest, { products, isShopify }: SourceReading): Checkout {
  const { shopify } = manifest;
  if (shopify !== undefined && (hasIds(products) || "shopify" in sourceOf(manifest))) {
    const { checkoutDomain: domain } = shopify;
    return { kind: "cart", api: storefrontApi(shopify), ...(domain !== undefined && { domain }) };
  }
  return { kind: isShopify && hasIds(products) ? "permalink" : "product" };
}

const hasIds = (products: SourceReading["products"]): boolean =>
  products.every(({ variants }) => variants.every(({ id }) => isVariantId(id)));

/** Throws a CatalogueError unless the name of a store's folder can be its slug. */
export function checkSlug(slug: string, file: string): void {
  if (STORE_SLUG_PATTERN.test(slug)) return;
  const message = `found ${quote(slug)}; a store's folder is named with 2 to 40 lower-case letters, digits and single hyphens, such as tea-house`;
  throw new CatalogueError([{ file, line: null, column: null, message }]);
}

/** The last net: whatever a reader let through, no record leaves that the contract refuses. */
function checked(record: StoreRecord, file: string): StoreRecord {
  const bytes = utf8ToBytes(JSON.stringify(record)).length;
  if (bytes > LARGEST_RECORD_BYTES) {
    const message = `is ${bytes} bytes as a store's record; at most ${LARGEST_RECORD_BYTES} can be stored; divide the shop or shorten descriptions`;
    throw new CatalogueError([{ file, line: null, column: null, message }]);
  }
  const result = StoreRecordSchema.safeParse(record);
  if (result.success) return result.data;
  throw new CatalogueError(
    schemaProblems(result.error, record).map(({ path, message }) => ({
      file,
      line: null,
      column: formatPath(path),
      message,
    })),
  );
}

function inOrder(problems: readonly CatalogueProblem[]): CatalogueProblem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
