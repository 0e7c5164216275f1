import type { StoreRecord } from "../../../../runtime/contract/store";
import type { Edge } from "../harness";
import type { Behaviour } from "./generator";
import { storeRecord } from "./store";

/**
 * Opens shops on an edge, one for each call, and gives their slugs: so the double can misbehave for one test's shop and not
 * for another's.
 */
export function shopsOn(edge: Edge): (behaviour?: Behaviour, overrides?: Partial<StoreRecord>) => Promise<string> {
  let shops = 0;
  return async (behaviour, overrides) => {
    const slug = `shop-${++shops}`;
    await edge.putStore(storeRecord(slug, overrides));
    if (behaviour !== undefined) edge.generator.behaviours.set(slug, behaviour);
    return slug;
  };
}
