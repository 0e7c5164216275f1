/** Sources of a catalogue (Shopify's CSV, JSON, the manifest) → StoreRecord. Reading from disk is in `./loadStore`. */
export { CatalogueError, type CatalogueProblem, formatProblem } from "./errors";
export { type Manifest, parseManifest } from "./manifest";
export { readProductsJson } from "./productsJson";
export { readShopifyCsv } from "./shopifyCsv";
export type { SourceReading, UnpublishedProduct, UnpublishedReason } from "./source";
export { catalogueVersion } from "./version";
export { checkSlug, type LoadedStore, makeStore, type SourceFile } from "./store";
