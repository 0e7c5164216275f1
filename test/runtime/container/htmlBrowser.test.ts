import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { readPage } from "../../../runtime/container/html/page";
import type { PageFacts } from "../../../runtime/page";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../support/skip";
import { BRANDS, product, shop } from "../page/fixtures";

const PAYLOADS = join(__dirname, "../../../../shared/data/xss/payloads.txt");
const payloads = existsSync(PAYLOADS) ? readFileSync(PAYLOADS, "utf8").split("\n").filter(Boolean) : [];
const inBrowser = CHROMIUM === undefined || payloads.length === 0 ? describe.skip : describe;
const LINES_PER_PAGE = 12;

/** A page of attacks by the model and by the words of the shop, and the policy it is served with. */
function attack(lines: readonly string[]): { html: string; policy: string } | undefined {
  const products = lines.map((line, index) =>
    product({ id: `p${index}`, title: line, description: line, vendor: line }),
  );
  const facts: PageFacts = {
    persona: "explorer",
    shop: shop(lines[0] ?? "", { ...BRANDS.bold, tagline: lines[1] ?? "" }),
    products,
    page: { scriptUrl: "/assets/a.js", source: "model" },
  };
  const items = products.map(({ id }, index) => {
    const line = lines[index] ?? "";
    return `<section><div title="${line}" style="${line}">x</div><a href="${line}">x</a><li data-product-id="${id}">${line}</li></section>`;
  });
  const html = `<!doctype html><style>${lines.join("\n")}</style>${items.join("")}${lines.join("")}`;
  try {
    const page = readPage(JSON.stringify({ html }), facts, { persona: "explorer", productIds: new Set() });
    return {
      html: page.html,
      policy: `default-src 'none'; script-src 'self'; style-src '${page.cspHash}'; img-src 'self'; form-action https://shop.example; base-uri 'none'`,
    };
  } catch (error) {
    expect((error as Error).message).toMatch(/^The model's page/);
    return undefined;
  }
}

inBrowser(
  `a model's page in a browser (${CHROMIUM ?? "skipped: no Chromium was found; set CHROMIUM_PATH to one"})`,
  () => {
    let server: Server;
    let browser: Browser;
    const pages = new Map<string, { html: string; policy: string }>();

    beforeAll(async () => {
      for (let at = 0; at < payloads.length; at += LINES_PER_PAGE) {
        const page = attack(payloads.slice(at, at + LINES_PER_PAGE));
        if (page !== undefined) pages.set(`/${at}`, page);
      }
      server = createServer(({ url }, response) => {
        const page = pages.get(url ?? "");
        if (page === undefined) return void response.writeHead(200, { "Content-Type": "text/javascript" }).end("");
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.policy });
        response.end(page.html);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    });

    it("opens no dialog, breaks no policy and asks nobody else, whatever the model and the shop wrote", async () => {
      expect(pages.size).toBeGreaterThan(payloads.length / LINES_PER_PAGE / 2);
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const tab = await browser.newPage();
      const seen: string[] = [];
      tab.on("dialog", (dialog) => {
        seen.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      tab.on("console", (message) => seen.push(message.text()));
      tab.on("request", (request) => {
        if (!request.url().startsWith(origin)) seen.push(`asked ${request.url()}`);
      });
      for (const path of pages.keys()) {
        await tab.goto(origin + path, { waitUntil: "load", timeout: 20_000 });
        await tab.evaluate(
          "document.querySelectorAll('#wand-made *').forEach((one) => one.dispatchEvent(new Event('focus')))",
        );
        expect({ path, seen }).toEqual({ path, seen: [] });
      }
      await tab.close();
    }, 120_000);
  },
);
