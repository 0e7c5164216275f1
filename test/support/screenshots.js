/**
 * `npm run screenshots`: draws docs/images/storefront.png (one shop for two shoppers), personas.png (for six), brands.png (six
 * shops) and pages.jpg (both stores for six shoppers, on a desktop and on a phone) with the renderer and a Chromium of this
 * machine. For people; nothing depends on the pictures.
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

const DESKTOP = { width: 1280, height: 1440 };
const PHONE = { width: 390, height: 844 };
const ROW = 330; // px; height of a row of pages.jpg, which stays below 400 KB

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
  const who = persona(type, [...new Set(products.map(({ category }) => category))].slice(0, 2));
  const layout = templateLayout({
    persona: who,
    products,
    brand: shop.brand,
    shopName: shop.name,
    locale: shop.locale,
  });
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

/** A row for each persona, and in it both stores, each on a desktop and on a phone. */
async function everyPage(browser, shops) {
  const rows = [];
  for (const type of PERSONA_TYPES) {
    const cells = [];
    for (const shop of shops) {
      for (const viewport of [DESKTOP, PHONE]) {
        const page = await browser.newPage({ viewport, deviceScaleFactor: ROW / viewport.height });
        await page.setContent(pageOf(shop, type));
        const jpeg = await page.screenshot({ type: "jpeg", quality: 88 });
        cells.push(`<img height="${ROW}" src="data:image/jpeg;base64,${jpeg.toString("base64")}">`);
        await page.close();
      }
    }
    rows.push(`<h2>${nameOf(type)}</h2><p>${cells.join("")}</p>`);
  }
  const width = 2 * ROW * (DESKTOP.width / DESKTOP.height + PHONE.width / PHONE.height);
  const board = await browser.newPage({ viewport: { width: Math.ceil(width) + 5 * 14, height: 100 } });
  await board.setContent(`<style>body{margin:14px;background:#e9e9ee;color:#333;font:600 15px system-ui,sans-serif}
    h2{margin:0 0 6px;font-size:15px}p{display:flex;gap:14px;margin:0 0 14px}img{border-radius:5px}</style>${rows.join("")}`);
  await board.screenshot({ path: path.join(IMAGES, "pages.jpg"), type: "jpeg", quality: 72, fullPage: true });
  console.log("written  docs/images/pages.jpg");
}

const nameOf = (type) => (type === "unknown" ? "not known yet" : type);

async function main() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  const shops = ["magic-wands", "moss-and-kettle"].map(
    (slug) => loadStore(path.join(__dirname, "../../stores", slug)).record,
  );
  const [shop] = shops;
  await sheet(
    browser,
    "personas.png",
    PERSONA_TYPES.map((type) => [nameOf(type), pageOf(shop, type)]),
  );
  const two = ["dealhunter", "collector"].map((type) => [type, pageOf(shop, type)]);
  await sheet(browser, "storefront.png", two, { columns: 2, width: 560 });
  const branded = Object.entries(BRANDS).map(([character, brand]) => {
    const products = character === "mystic" ? wands : home;
    return [brand.tone, pageOf({ ...shop, name: NAMES[character], brand, catalogue: { products } }, "unknown")];
  });
  await sheet(browser, "brands.png", branded);
  await everyPage(browser, shops);
  await browser.close();
}

void main();
