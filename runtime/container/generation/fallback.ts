import type { LayoutSpec } from "../../contract/layout";
import { templateLayout } from "../../page";
import { restrictLayout } from "./layout";
import type { Material } from "./material";

/** The template's layout; whole where nothing would be left of it by leaving out the sections nobody asked for. */
export function fallbackLayout({ request, products, limits, shop: { locale } }: Material): LayoutSpec {
  const { persona, shop } = request;
  const layout = templateLayout({
    persona,
    products,
    brand: shop.brand_guidelines,
    shopName: shop.name ?? shop.shop_id,
    locale,
  });
  const restricted = restrictLayout(layout, limits);
  return restricted.sections.length === 0 ? layout : restricted;
}
