export { EdgeStorage } from "./EdgeStorage";
export { GeneratorImage } from "./GeneratorImage";
export { GeneratorPool } from "./GeneratorPool";
export { ShopSecrets } from "./ShopSecrets";
export { StoreCatalogue } from "./StoreCatalogue";
export { StorefrontWorker } from "./StorefrontWorker";
