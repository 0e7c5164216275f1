import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../../support/skip";
import { PageServer } from "./pageServer";

/** `describe`, or its skipped form where there is no browser. */
export const inBrowser = CHROMIUM === undefined ? describe.skip : describe;
export const BROWSER = CHROMIUM ?? "skipped: no Chromium was found; set CHROMIUM_PATH to one";

/** Writes down what a page's policy refuses, and every shift of its layout, from its first moment on. */
const WITNESS = `
  window.refused = [];
  addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective + " " + event.blockedURI));
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) =>
    entry.value + " " + entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)))))
    .observe({ type: "layout-shift", buffered: true });
`;

/** A server of pages and one browser for the tests of a file. */
export class Bench {
  readonly #contexts: BrowserContext[] = [];
  #browser: Browser | undefined;
  readonly server = new PageServer();
  /** What the browser's console said since the last `open`. */
  complaints: string[] = [];

  async start(): Promise<void> {
    await this.server.start();
    this.#browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.server.stop();
  }

  async page(options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error("the browser was not started");
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    this.#contexts.push(context);
    await context.addInitScript(WITNESS);
    const page = await context.newPage();
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    return page;
  }

  async closePages(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async open(page: Page, path: string, waitUntil: "load" | "domcontentloaded" = "load"): Promise<void> {
    this.complaints = [];
    await page.goto(this.server.origin + path, { timeout: 60_000, waitUntil });
  }
}
