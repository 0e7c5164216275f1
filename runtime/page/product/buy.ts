import type { Product, Variant } from "../../contract/product";
import { cartPermalink, isVariantId } from "../../lib/checkout/permalink";
import { html, webUrl, type Html } from "../html";
import type { ShopFace } from "../input";
import type { Money } from "../money";
import type { Speech } from "../words";
import { addressOf } from "./address";

/** With more choices than this a product is chosen on its own page. Generators are given no more of a product's variants. */
const MOST_CHOICES = 19;

interface Seller {
  shop: ShopFace;
  money: Money;
  speech: Speech;
}

/**
 * How a product is bought: a form that fills the shop's cart, with a choice where there is one. Works without a script; the
 * script tells of it by `data-wand-event`. Nothing for what is sold out, and nothing where the product's page in the shop is
 * all there is: its title leads there.
 */
export function buy(product: Product, seller: Seller): Html | undefined {
  const { shop, speech } = seller;
  const kind = shop.checkout?.kind ?? "product";
  const variants = product.variants.filter((variant) => variant.available);
  const [first] = variants;
  const sells = product.available && kind !== "product" && variants.every(({ id }) => isVariantId(id));
  if (!sells || first === undefined) return undefined;
  if (product.variants.length > MOST_CHOICES) return chooseInShop(product, speech);
  if (variants.length > 1) return choice(product, variants, seller);
  const address = kind === "permalink" ? webUrl(shop.shop_url) : undefined;
  return address === undefined
    ? html`<form class="buy" method="post" action="/api/cart" data-wand-event="add_to_cart">
        <input type="hidden" name="store" value="${shop.slug}" /><input
          type="hidden"
          name="variant"
          value="${first.id}"
        />${addButton(product, speech, first)}
      </form>`
    : html`<form
        class="buy"
        method="get"
        action="${cartPermalink(address, { variantId: first.id, quantity: 1 })}"
        data-wand-event="add_to_cart"
      >
        <input type="hidden" name="storefront" value="true" />${addButton(product, speech, first)}
      </form>`;
}

/** As `buy`, with the mark of which product it is about, for where nothing around it says that. */
export function offer(product: Product, seller: Seller): Html | undefined {
  const form = buy(product, seller);
  return form && html`<div data-product-id="${product.id}">${form}</div>`;
}

/** Folded, so that a list of products stays a list of products. */
function choice(product: Product, variants: readonly Variant[], { shop, money, speech }: Seller): Html {
  const { words, say } = speech;
  const differ = variants.some(({ price }) => price !== variants[0]?.price);
  const options = variants.map((variant) => {
    const price = differ ? ` – ${money(variant.price, product.currency)}` : "";
    return html`<option value="${variant.id}">${variant.title || product.title}${price}</option>`;
  });
  const label = product.options.map(({ name }) => name).join(" / ") || say(words.choice);
  return html`<details class="buy">
    <summary>${say(words.chooseOptions)}${about(product)}</summary>
    <form method="post" action="/api/cart" data-wand-event="add_to_cart">
      <input type="hidden" name="store" value="${shop.slug}" />
      <label
        ><span>${label}</span
        ><select name="variant">
          ${options}
        </select></label
      >
      ${addButton(product, speech)}
    </form>
  </details>`;
}

/** Says which one it is where the others have sold out. */
function addButton(product: Product, { words, say }: Speech, only?: Variant): Html {
  const which = only !== undefined && product.variants.length > 1 ? ` (${only.title})` : "";
  return html`<button type="submit">${say(words.addToCart)}${which}${about(product)}</button>`;
}

function chooseInShop(product: Product, { words, say }: Speech): Html | undefined {
  const address = addressOf(product);
  if (address === undefined) return undefined;
  return html`<p class="buy"><a href="${address}">${say(words.chooseOptions)}${about(product)}</a></p>`;
}

/** A reader of buttons alone hears which product each is about. The dash has its spaces: hidden text is read as a block. */
const about = (product: Product): Html => html`<span class="vh"> – ${product.title}</span>`;
