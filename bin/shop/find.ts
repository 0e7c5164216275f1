import { existsSync } from "node:fs";
import { FleetError } from "../../infra/fleet/errors";
import { listShops, shopAt, type Shop } from "../../infra/fleet/list";
import { checkSlug } from "../../infra/fleet/slug";
import { removeUnfinished } from "../../infra/fleet/write";
import { PROJECT_DIR } from "../options";

/**
 * A shop that is a stack of its own, by its slug.
 * @throws FleetError BAD_SLUG; NO_SUCH_SHOP with the shops that there are
 */
export function findShop(slug: string): Shop {
  removeUnfinished(PROJECT_DIR);
  const shop = shopAt(PROJECT_DIR, checkSlug(slug));
  if (existsSync(shop.file)) return shop;
  const slugs = listShops(PROJECT_DIR).map((each) => each.slug);
  const there = slugs.length === 0 ? "there is none yet" : `there are ${slugs.slice(0, 10).join(", ")}`;
  const more = slugs.length > 10 ? ` and ${slugs.length - 10} more` : "";
  throw new FleetError(
    "NO_SUCH_SHOP",
    `there is no shop "${slug}" (no Pulumi.${shop.stack}.yaml): ${there}${more}; "wandstore shop create" makes one`,
  );
}
