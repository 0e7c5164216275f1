import type { DurableObjectMigration } from "../providers/resources/durableObjectMigrations";

/**
 * Every change of the Durable Object classes there has been, oldest first. Add to the end, never edit: a live Worker has
 * some of these steps behind it and gets the rest.
 */
export const DURABLE_OBJECT_HISTORY: readonly DurableObjectMigration[] = [
  { tag: "v1", newSqliteClasses: ["GenerationQueue", "AIGeneratorContainer", "Shopper", "Metrics"] },
  { tag: "v2", newSqliteClasses: ["StoreSync"] },
];
