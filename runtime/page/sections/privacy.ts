import { html, type Html } from "../html";
import type { PageInput } from "../input";
import { speechIn, type Speech } from "../words";

/** Where a page's forms say yes or no to personalisation; the storefront comes back by itself. */
const ACTION = "/api/shopper/consent";

/** Asks whether the shop may be arranged for its reader. In the page's flow: it covers nothing and moves nothing. */
export function consentNotice({ shop, page }: Pick<PageInput, "shop" | "page">): Html | undefined {
  if (page.privacy !== "ask") return undefined;
  const { words, mark } = speechIn(shop.locale);
  return html`<section class="ask" aria-label="${words.personalisation}" ${mark}>
    <p>${words.mayWe}</p>
    ${answer(shop.slug, true, words.yes)} ${answer(shop.slug, false, words.no)}
  </section>`;
}

/** Says at the foot of the page how personalisation stands, with the way to change that. */
export function privacyLine({ shop, page }: Pick<PageInput, "shop" | "page">): Html | undefined {
  const speech = speechIn(shop.locale);
  const { words } = speech;
  if (page.privacy === "on") return line(speech, words.isOn, answer(shop.slug, false, words.switchOff));
  if (page.privacy === "off") return line(speech, words.isOff, answer(shop.slug, true, words.switchOn));
  return undefined;
}

const line = ({ mark }: Speech, words: string, form: Html): Html =>
  html`<div class="privacy" ${mark}><span>${words}</span> ${form}</div>`;

const answer = (store: string, consent: boolean, words: string): Html =>
  html`<form method="post" action="${ACTION}">
    <input type="hidden" name="store" value="${store}" /><button name="consent" value="${String(consent)}">
      ${words}
    </button>
  </form>`;
