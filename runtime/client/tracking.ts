type ShopperEvent =
  | { type: "page_view"; ms: number }
  | { type: "product_view" | "add_to_cart" | "wishlist"; product_id: string }
  | { type: "filter"; facet: string; value?: string }
  | { type: "search"; query: string }
  | { type: "sort"; by: string };

/** What one request takes. */
const MOST_EVENTS = 50;
/** Events of a few clicks go together; the persona they make is known while the page is still read. */
const PAUSE_MS = 2_000;

/** Tells the shop what its reader does, some events at once. What gets lost is lost: tracking is never in a shopper's way. */
export function trackReader(identity: URLSearchParams): void {
  let waiting: ShopperEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let visited = false;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const events = waiting.slice(0, MOST_EVENTS);
      // It outlives the page. A browser that takes no more for now gets the rest with the next event.
      if (!navigator.sendBeacon(`/api/shopper/track?${identity}`, JSON.stringify({ events }))) return;
      waiting = waiting.slice(MOST_EVENTS);
    }
  };
  const tell = (event: ShopperEvent | undefined): void => {
    if (event === undefined) return;
    waiting = [...waiting, event].slice(-10 * MOST_EVENTS);
    if (waiting.length >= MOST_EVENTS) flush();
    else timer ??= setTimeout(flush, PAUSE_MS);
  };
  const leave = (): void => {
    // Once: how long the page was looked at before it was first left or hidden.
    if (!visited) waiting.push({ type: "page_view", ms: Math.round(performance.now()) });
    visited = true;
    flush();
  };

  for (const type of ["click", "submit", "change"] as const) {
    document.addEventListener(type, ({ target }) =>
      tell(target instanceof Element ? eventOf(type, target) : undefined),
    );
  }
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
}

/** What something the reader did means, by the page's own marks: `data-wand-event`, `data-facet` and `data-product-id`. */
function eventOf(type: "click" | "submit" | "change", target: Element): ShopperEvent | undefined {
  const marked = target.closest<HTMLElement>("[data-wand-event]");
  // A marked form tells when it is sent, a marked choice when it changes, anything else when it is clicked.
  const due = marked instanceof HTMLFormElement ? "submit" : marked instanceof HTMLSelectElement ? "change" : "click";
  if (marked !== null) return type === due ? markedEvent(marked) : undefined;
  const link = target.closest<HTMLElement>("a");
  if (type !== "click" || link === null) return undefined;
  const { facet, value } = link.dataset;
  if (facet !== undefined) return { type: "filter", facet, ...(value !== undefined && { value }) };
  return productEvent("product_view", link);
}

function markedEvent(marked: HTMLElement): ShopperEvent | undefined {
  const name = marked.dataset["wandEvent"];
  if (name === "add_to_cart" || name === "wishlist") return productEvent(name, marked);
  if (name === "search") {
    const query = marked.querySelector<HTMLInputElement>("input[name=q]")?.value.trim().slice(0, 200);
    return query ? { type: name, query } : undefined;
  }
  const by = name === "sort" ? ((marked as HTMLSelectElement).value ?? "") : "";
  return by === "" ? undefined : { type: "sort", by: by.slice(0, 60) };
}

function productEvent(type: "product_view" | "add_to_cart" | "wishlist", element: Element): ShopperEvent | undefined {
  const product = element.closest<HTMLElement>("[data-product-id]")?.dataset["productId"];
  return product === undefined ? undefined : { type, product_id: product };
}
