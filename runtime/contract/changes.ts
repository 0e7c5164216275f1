import * as z from "zod";
import { CatalogueSchema, ProductSchema } from "./product";

/**
 * What KV `STORES` holds under `changes:{slug}`: products as the shop changed them since the store was deployed. The store's
 * record is the deployment's alone, so changes stand beside it.
 */
export const ChangesSchema = z.object({
  version: z.literal(1),
  /** Version of the deployed catalogue that this changes; beside any other it says nothing. */
  base: CatalogueSchema.shape.version,
  /** By product id: the product as it is now, or null for one that is not shown any more. */
  products: z.record(z.string(), ProductSchema.nullable()),
});
export type Changes = z.infer<typeof ChangesSchema>;
