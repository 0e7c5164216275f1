import { html, type Html } from "../html";
import type { PageInput } from "../input";

/** Where a page's forms say yes or no to personalisation; the storefront comes back by itself. */
const ACTION = "/api/shopper/consent";

/** Asks whether the shop may be arranged for its reader. In the page's flow: it covers nothing and moves nothing. */
export function consentNotice({ shop, page }: Pick<PageInput, "shop" | "page">): Html | undefined {
  if (page.privacy !== "ask") return undefined;
  return html`<section class="ask" aria-label="Personalisation">
    <p>
      May we arrange this shop for you? We would remember for 30 days what you look at here. It is all here without that
      too.
    </p>
    ${answer(shop.slug, true, "Personalise my store")} ${answer(shop.slug, false, "No thanks")}
  </section>`;
}

/** Says at the foot of the page how personalisation stands, with the way to change that. */
export function privacyLine({ shop, page }: Pick<PageInput, "shop" | "page">): Html | undefined {
  if (page.privacy === "on") {
    return html`<div class="privacy">
      <span>Privacy: what you look at here arranges this shop for you.</span>
      ${answer(shop.slug, false, "Switch personalisation off")}
    </div>`;
  }
  if (page.privacy !== "off") return undefined;
  return html`<div class="privacy">
    <span>Privacy: personalisation is off, nothing is kept of your visit.</span>
    ${answer(shop.slug, true, "Switch personalisation on")}
  </div>`;
}

const answer = (store: string, consent: boolean, words: string): Html =>
  html`<form method="post" action="${ACTION}">
    <input type="hidden" name="store" value="${store}" /><button name="consent" value="${String(consent)}">
      ${words}
    </button>
  </form>`;
