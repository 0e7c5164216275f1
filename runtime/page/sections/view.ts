import type { PersonaType } from "../../contract/persona";
import type { Product } from "../../contract/product";
import type { Lens } from "../facets";
import type { Html } from "../html";
import type { ShopFace } from "../input";
import type { Money, Percent } from "../money";
import type { Loading } from "../product/picture";
import type { Speech } from "../words";

/** What every section is written with. */
export interface View {
  shop: ShopFace;
  persona: PersonaType;
  money: Money;
  percent: Percent;
  speech: Speech;
  /** A text of the layout, as the page shows it: the template's words are marked where they are of another language. */
  line: (text: string) => Html | string;
  lenses: readonly Lens[];
  /** The product's picture, or the drawing that stands for it. */
  picture: (product: Product, loading?: Loading) => Html;
  /** Classes of the lenses that keep this product. */
  tokensOf: (product: Product) => string;
  /** Anchor of the first list of products; undefined on a page without any. */
  firstList: string | undefined;
}
