import { ChangesSchema } from "../../contract/changes";
import type { Catalogue } from "../../contract/product";
import { catalogueVersion } from "../../lib/catalogue/version";
import { createLog } from "../log";

/**
 * The deployed catalogue with what the shop changed since: changed products in their places, new ones at the end, removed
 * ones gone. Changes of another catalogue than this one say nothing: a new export has replaced them. Fails open: changes
 * that cannot be read are logged, and the catalogue is the deployed one.
 */
export function merge(deployed: Catalogue, text: string | null, slug: string): Catalogue {
  if (text === null) return deployed;
  const changes = read(text, slug);
  if (changes === undefined || changes.base !== deployed.version) return deployed;
  const left = new Map(Object.entries(changes.products));
  const products = deployed.products.flatMap((product) => {
    const now = left.get(product.id);
    left.delete(product.id);
    return now === undefined ? [product] : (now ?? []);
  });
  for (const product of left.values()) if (product !== null) products.push(product);
  return { products, version: catalogueVersion(products) };
}

function read(text: string, slug: string): ReturnType<typeof ChangesSchema.parse> | undefined {
  try {
    return ChangesSchema.parse(JSON.parse(text));
  } catch (error) {
    createLog({ store: slug }).error("changes_not_read", error);
    return undefined;
  }
}
