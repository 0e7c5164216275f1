import type { BrowserContext, Page } from "playwright-core";

/** Runs before anything of a page: whatever opens a dialog or a window, or breaks the policy, is written down. */
const SNARE = `
  window.caught = [];
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...given) => void caught.push(name + " " + given.join().slice(0, 60));
  addEventListener("securitypolicyviolation", (event) => caught.push("policy " + event.violatedDirective + " " + event.blockedURI.slice(0, 60)));
`;

/** Does with every element what a shopper could: points at it, goes to it, clicks it. Links and forms are followed by nobody. */
const PLAY = `(() => {
  addEventListener("click", (event) => { if (event.target.closest("a[href], button, form")) event.preventDefault(); }, true);
  addEventListener("submit", (event) => event.preventDefault(), true);
  const types = "pointerover mouseover focus input toggle load error animationstart transitionend scroll".split(" ");
  for (const one of document.querySelectorAll("*")) {
    if (one.tagName === "DETAILS") one.open = true;
    const handlers = one.getAttributeNames().filter((name) => name.startsWith("on"));
    caught.push(...handlers.map((name) => one.tagName + " has " + name));
    for (const type of [...types, ...handlers.map((name) => name.slice(2))]) one.dispatchEvent(new Event(type, { cancelable: true }));
  }
  for (const one of document.querySelectorAll("a, button, input, select, summary, [tabindex], [contenteditable]")) one.focus?.({ preventScroll: true });
  for (const one of document.querySelectorAll("a, button, input, select, summary, #wand-made *")) one.click?.();
  const places = [...document.querySelectorAll("[href], [src], [action]")].map((one) => one.href?.baseVal ?? one.src ?? one.href ?? one.action);
  return { caught, places: [...new Set(places.filter(Boolean).map((place) => { try { return new URL(place, location).origin } catch { return place } }))] };
})()`;

/** A browser's tab that notices all that a page should not do. */
export class Trap {
  readonly #seen: string[] = [];

  private constructor(
    readonly page: Page,
    readonly origin: string,
  ) {}

  /** @param origin Requests to any other are refused, and seen. */
  static async set(context: BrowserContext, origin: string): Promise<Trap> {
    await context.addInitScript(SNARE);
    const trap = new Trap(await context.newPage(), origin);
    await context.route(
      (url) => url.origin !== origin,
      async (route) => {
        trap.#seen.push(`asked ${route.request().url().slice(0, 80)}`);
        await route.abort();
      },
    );
    trap.page.on("dialog", (dialog) => {
      trap.#seen.push(`dialog ${dialog.type()}`);
      void dialog.dismiss();
    });
    trap.page.on("popup", () => trap.#seen.push("a window"));
    trap.page.on("pageerror", ({ message }) => trap.#seen.push(`error ${message.slice(0, 80)}`));
    trap.page.on("framenavigated", (frame) => {
      if (!frame.url().startsWith(origin)) trap.#seen.push(`went to ${frame.url().slice(0, 80)}`);
    });
    return trap;
  }

  /** Opens a page and plays with it; gives what it did, and the origins that its links, pictures and forms lead to. */
  async spring(path: string): Promise<{ seen: string[]; places: string[] }> {
    this.#seen.length = 0;
    const { page, origin } = this;
    await page.goto(origin + path, { waitUntil: "load", timeout: 60_000 });
    const { caught, places } = await page.evaluate<{ caught: string[]; places: string[] }>(PLAY);
    for (let key = 0; key < 3; key++) await page.keyboard.press("Tab");
    if (!page.url().startsWith(origin + path)) this.#seen.push(`stands at ${page.url().slice(0, 80)}`);
    if (page.frames().length > 1) this.#seen.push("a frame");
    return { seen: [...this.#seen, ...caught], places };
  }
}
