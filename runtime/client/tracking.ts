type ShopperEvent =
  | { type: "page_view"; ms: number }
  | { type: "product_view"; product_id: string }
  | { type: "filter"; facet: string; value?: string };

/** Sends an event in a way that outlives the page. What gets lost is lost: tracking is never in a shopper's way. */
function send(identity: URLSearchParams, event: ShopperEvent): void {
  navigator.sendBeacon(`/api/shopper/track?${identity}`, JSON.stringify(event));
}

/** Tells which products are opened (`data-product-id`) and which filters are used (`data-facet`). */
export function trackClicks(identity: URLSearchParams): void {
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const link = target.closest<HTMLElement>("a");
    const facet = link?.dataset["facet"];
    const value = link?.dataset["value"];
    const product = target.closest<HTMLElement>("[data-product-id]")?.dataset["productId"];
    if (facet !== undefined) send(identity, { type: "filter", facet, ...(value === undefined ? {} : { value }) });
    else if (link !== null && product !== undefined) send(identity, { type: "product_view", product_id: product });
  });
}

/** Tells how long the page was looked at, once, when it is first left or hidden. */
export function trackVisit(identity: URLSearchParams): void {
  let told = false;
  document.addEventListener("visibilitychange", () => {
    if (told || document.visibilityState !== "hidden") return;
    told = true;
    send(identity, { type: "page_view", ms: Math.round(performance.now()) });
  });
}
