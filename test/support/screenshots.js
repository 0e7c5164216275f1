/**
 * `npm run screenshots`: draws docs/images/storefront.png (one shop for two shoppers), personas.png (for six) and brands.png (six
 * shops) with the renderer and a Chromium of this machine. For people; nothing depends on the pictures.
 */
"use strict";
const path = require("node:path");
const { loadTypeScript } = require("../../bin/typescript");

loadTypeScript();
const { chromium } = require("playwright-core");
const { PERSONA_TYPES } = require("../../runtime/contract/persona");
const { render, templateLayout } = require("../../runtime/page");
const { loadStore } = require("../../runtime/lib/catalogue/loadStore");
const { BRANDS, home, persona, wands } = require("../runtime/page/fixtures");
const { CHROMIUM, CHROMIUM_FLAGS } = require("./skip");

const IMAGES = path.join(__dirname, "../../docs/images");
const PAGE = { width: 1280, height: 1500 };
const THUMB = 300; // px; keeps each file below 300 KB

const NAMES = {
  mystic: "The Lantern Room",
  natural: "Fern & Oak",
  playful: "Jolly Shelf",
  refined: "Maison Varenne",
  minimal: "Form",
  bold: "Volt Street",
};

function pageOf(shop, type) {
  const products = shop.catalogue.products.map((one) => ({ ...one, image_url: null })); // nothing is asked for outside
  const who = persona(type, [products[0].category]);
  const layout = templateLayout({ persona: who, products, brand: shop.brand, shopName: shop.name });
  return render({ layout, shop, products, page: { source: "template" } }).html;
}

async function sheet(browser, file, pages, { columns = 3, width = THUMB } = {}) {
  const page = await browser.newPage({ viewport: PAGE, deviceScaleFactor: width / PAGE.width });
  const shots = [];
  for (const [name, html] of pages) {
    await page.setContent(html);
    shots.push([name, (await page.screenshot()).toString("base64")]);
  }
  const board = await browser.newPage({ viewport: { width: columns * width + (columns + 1) * 18, height: 100 } });
  const figures = shots.map(
    ([name, png]) => `<figure><img src="data:image/png;base64,${png}"><figcaption>${name}</figcaption></figure>`,
  );
  await board.setContent(`<style>
    body{margin:18px;display:grid;grid-template-columns:repeat(${columns},${width}px);gap:18px;background:#e9e9ee;font:600 15px system-ui,sans-serif}
    figure{margin:0}img{display:block;width:100%;border-radius:6px}figcaption{padding:8px 2px 0;color:#333}</style>${figures.join("")}`);
  await board.screenshot({ path: path.join(IMAGES, file), fullPage: true });
  console.log(`written  docs/images/${file}`);
}

async function main() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const shop = loadStore(path.join(__dirname, "../../stores/magic-wands")).record;
  const name = (type) => (type === "unknown" ? "not known yet" : type);
  await sheet(
    browser,
    "personas.png",
    PERSONA_TYPES.map((type) => [name(type), pageOf(shop, type)]),
  );
  const two = ["dealhunter", "collector"].map((type) => [type, pageOf(shop, type)]);
  await sheet(browser, "storefront.png", two, { columns: 2, width: 560 });
  const branded = Object.entries(BRANDS).map(([character, brand]) => {
    const products = character === "mystic" ? wands : home;
    return [brand.tone, pageOf({ ...shop, name: NAMES[character], brand, catalogue: { products } }, "unknown")];
  });
  await sheet(browser, "brands.png", branded);
  await browser.close();
}

void main();
