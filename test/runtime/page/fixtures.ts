import type { Persona, PersonaType } from "../../../runtime/contract/persona";
import type { Product } from "../../../runtime/contract/product";
import type { Brand } from "../../../runtime/contract/store";
import type { ShopFace } from "../../../runtime/page";

/** One product; what is not given is plain. */
export function product(given: Partial<Product> & Pick<Product, "id">): Product {
  const price = given.price ?? 20;
  const available = given.available ?? true;
  return {
    title: given.id,
    description: "",
    vendor: "",
    category: "Things",
    tags: [],
    url: `https://shop.example/products/${encodeURIComponent(given.id)}`,
    price,
    price_max: given.price_max ?? price,
    compare_at_price: null,
    currency: "GBP",
    available,
    image_url: null,
    image_alt: "",
    images: [],
    options: [],
    variants: [
      {
        id: `${given.id}:1`,
        title: "",
        options: [],
        sku: null,
        price,
        compare_at_price: null,
        available,
        inventory: null,
        image_url: null,
      },
    ],
    ...given,
  };
}

type Line = [title: string, category: string, price: number, before?: number];

const WANDS: Line[] = [
  ["Elder Wand of the North", "Wands", 120],
  ["Willow Wand with Silver Thread", "Wands", 64, 80],
  ["Ebony Wand", "Wands", 149],
  ["Apprentice Wand", "Wands", 24],
  ["Holly Wand, Phoenix Core", "Wands", 98],
  ["Twisted Hazel Wand", "Wands", 72],
  ["Cherry Wand", "Wands", 88, 110],
  ["Potion of Quiet Steps", "Potions", 18],
  ["Elixir of Golden Hours", "Potions", 32, 40],
  ["Draught of Deep Sleep", "Potions", 14],
  ["Sapphire Ink", "Potions", 9],
  ["Potion of Green Thumbs", "Potions", 16],
  ["The Book of Small Spells", "Books", 28],
  ["Herbal Almanac", "Books", 35],
  ["A Guide to Broom Repair", "Books", 19, 38],
  ["Grimoire in Purple Leather", "Books", 75],
  ["Midnight Robe", "Robes", 140],
  ["Travelling Cloak", "Robes", 110, 160],
  ["Pointed Hat", "Robes", 42],
  ["Crystal Ball on a Stand", "Curiosities", 85],
  ["Moon Amulet", "Curiosities", 45],
  ["Copper Cauldron", "Curiosities", 59],
  ["Racing Broom", "Curiosities", 230],
  ["Map of Hidden Rooms", "Curiosities", 26],
];

const HOME: Line[] = [
  ["Earl Grey with Cornflower", "Tea", 8.5],
  ["Sencha from Uji", "Tea", 14],
  ["Chamomile Blend", "Tea", 7.5, 9],
  ["Stoneware Mug", "Tableware", 16],
  ["Porcelain Cup and Saucer", "Tableware", 24],
  ["Green Teapot", "Tableware", 48, 60],
  ["Salad Bowl in Ash Grey", "Tableware", 38],
  ["Terracotta Vase", "Tableware", 34],
  ["Snake Plant", "Plants", 26],
  ["Little Cactus", "Plants", 9],
  ["Boston Fern", "Plants", 22, 30],
  ["Rubber Tree", "Plants", 45],
  ["Reading Lamp", "Lighting", 89],
  ["Pendant Light in Brass", "Lighting", 129],
  ["Beeswax Candles, Set of Three", "Lighting", 18],
  ["Fig Candle", "Lighting", 28],
  ["Windsor Chair", "Furniture", 240, 320],
  ["Milking Stool", "Furniture", 95],
  ["Two-seat Sofa in Sage", "Furniture", 890],
  ["Writing Desk", "Furniture", 420],
  ["Linen Cushion", "Textiles", 32],
  ["Wool Throw", "Textiles", 68],
  ["Gift Box", "Textiles", 40],
  ["Framed Print of Hills", "Textiles", 55],
];

function catalogue(lines: Line[], vendors: string[], text: string): Product[] {
  return lines.map(([title, category, price, before], index) => {
    const id = title.toLowerCase().replace(/[^a-z]+/g, "-");
    const sized = index % 3 === 0;
    return product({
      id,
      title,
      category,
      price,
      price_max: index % 5 === 4 ? price * 1.5 : price,
      compare_at_price: before ?? null,
      available: index !== 10,
      vendor: vendors[index % vendors.length] ?? "",
      description: `${title}: ${text}`,
      tags: [category.toLowerCase(), index % 2 === 0 ? "handmade" : "classic", ...(index % 4 === 0 ? ["gift"] : [])],
      options: sized
        ? [
            { name: "Length", values: ["Short", "Regular", "Long"] },
            { name: "Finish", values: ["Oiled", "Waxed"] },
          ]
        : [],
    });
  });
}

export const wands = catalogue(
  WANDS,
  ["Bellweather & Daughter", "Thornfield", "Old Quay"],
  "made slowly by two people in a workshop by the river, tried for a week before it leaves us, and mended for as long as it lasts.",
);
export const home = catalogue(
  HOME,
  ["Harrow Pottery", "Lowland", "North Light"],
  "made for daily use, easy to care for, and still good to look at after years on the same shelf.",
);

const brand = (
  primary_color: string,
  secondary_color: string,
  font_family: string,
  tone: string,
  tagline: string,
  mark: string,
): Brand => ({
  primary_color,
  secondary_color,
  font_family,
  tone,
  tagline,
  mark,
});

/** Six brands that should look like six shops. */
export const BRANDS = {
  mystic: brand(
    "#5b2a86",
    "#e0b354",
    "Cinzel, Georgia, serif",
    "mystical, warm, a little dark",
    "Made by hand, chosen by you",
    "✦",
  ),
  natural: brand(
    "#3f6b4f",
    "#d9a05b",
    "Lora, Georgia, serif",
    "warm, natural, honest",
    "Good things for slow mornings",
    "❦",
  ),
  playful: brand("#e5484d", "#3e9bff", "Nunito, sans-serif", "playful and friendly", "Fun for every shelf", "☺"),
  refined: brand("#1d2a44", "#b08d57", "Didot, Georgia, serif", "luxury, elegant, timeless", "Since 1888", "◆"),
  minimal: brand("#222222", "#c9c5bd", "Helvetica Neue, Arial, sans-serif", "minimal, calm", "Less", ""),
  bold: brand("#ffd400", "#111111", "Arial Black, Arial, sans-serif", "bold, energetic street", "Louder", "⚡"),
} satisfies Record<string, Brand>;

export function shop(name: string, given: Brand): ShopFace {
  return { slug: "a-shop", name, locale: "en-GB", currency: "GBP", shop_url: "https://shop.example/", brand: given };
}

export function persona(type: PersonaType, categories: string[] = []): Persona {
  const careful = type === "dealhunter" ? "high" : "medium";
  const signals = {
    avg_order_value: 60,
    category_preferences: categories,
    price_sensitivity: careful,
    browsing_patterns: [],
  } as const;
  return { type, confidence: 0.8, signals: { ...signals, category_preferences: categories, browsing_patterns: [] } };
}
