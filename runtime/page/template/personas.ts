import type { Section } from "../../contract/layout";
import type { PersonaType } from "../../contract/persona";
import type { Product } from "../../contract/product";
import { clip } from "../product/facts";
import { cta, filters, grid, hero, recommendations, without, type Shelf } from "./build";
import { voiceOf } from "./copy";
import { byCategory, byPrice, bySaving, byVariety, preference } from "./ranking";

/**
 * One layout per persona; they differ in which sections there are and in their order. The words hold no price, saving, count
 * or product's name: a layout outlives the catalogue it was made for, and only the renderer knows today's facts.
 */
type Layout = (shelf: Shelf) => Section[];

const buyable = (products: readonly Product[]): Product[] => products.filter((product) => product.available);
const only = (product: Product | undefined): Product[] => (product === undefined ? [] : [product]);

/** As many as fill rows of five; the rest is listed at the end of the page. */
const wholeRows = (products: readonly Product[]): readonly Product[] =>
  products.length < 5 ? products : products.slice(0, products.length - (products.length % 5));

/** A few good things and nothing more; the rest is folded away. */
const minimalist: Layout = ({ shopName, voice, ranked }) => {
  const title = "A few good things";
  const subtitle = "Chosen from all we have, so that there is less to look through.";
  return [
    hero({ title, subtitle, cta_text: voiceOf(voice, shopName).look, style: "quiet" }),
    ...grid("selection", { title: "", columns: 2, density: "airy", item: "card", show: [] }, ranked.slice(0, 6)),
  ];
};

/** Ways in first, then one of everything, then what they have not looked at, then shelf after shelf. */
const explorer: Layout = ({ ranked, signals }) => {
  const wide = byVariety(ranked).slice(0, 9); // the first is drawn large, so that nine fill whole rows
  const strange = byVariety(buyable(ranked).filter((product) => preference(product, signals) === 0));
  const remote = without(strange, wide).slice(0, 5);
  const left = without(ranked, wide, remote);
  const tiles = { columns: 4, density: "compact" as const, item: "tile" as const, show: [] };
  const shelves = [...byCategory(left)].filter(([name, products]) => name.trim() !== "" && products.length >= 4);
  const reason = "Things you have not looked at yet, from all over the shop.";
  return [
    filters("Where would you like to start?", ["category", "price"]),
    ...grid("wander", { ...tiles, title: "One from every shelf", density: "regular" }, wide),
    ...recommendations("remote", "Off your usual path", reason, remote),
    ...(shelves.length >= 2
      ? shelves
          .slice(0, 5)
          .flatMap(([name, products], index) =>
            grid(`shelf_${index}`, { ...tiles, title: clip(name, 90) }, wholeRows(products.slice(0, 10))),
          )
      : grid("left", { ...tiles, title: "Still more to find" }, wholeRows(byVariety(left).slice(0, 20)))),
  ];
};

/** One piece in full, its kind beside it for comparison, then every detail in rows. */
const collector: Layout = ({ products, ranked }) => {
  const best = buyable(ranked)
    .slice(0, 8)
    .toSorted((a, b) => b.price - a.price)[0];
  const kin = without(
    products.filter((product) => product.category === best?.category),
    only(best),
  ).slice(0, 4);
  const rows = without(ranked, only(best), kin).slice(0, 12);
  const subtitle = "Look closely: who made it, what it is made of, and which of its kind are still to be had.";
  return [
    hero({ title: "A piece worth knowing", subtitle, cta_text: "Examine this piece", style: "split" }, best),
    ...grid(
      "beside",
      {
        title: "Others of its kind",
        columns: 4,
        density: "regular",
        item: "card",
        show: ["vendor", "options", "stock"],
      },
      kin,
    ),
    filters("Narrow the catalogue", ["category", "price"]),
    ...grid(
      "catalogue",
      {
        title: "The catalogue",
        columns: 1,
        density: "regular",
        item: "row",
        show: ["vendor", "description", "tags", "options", "stock", "saving"],
      },
      rows,
    ),
    cta(
      "Complete the set",
      "Compare once more before you choose: makers, options and what is left.",
      "Back to the top",
    ),
  ];
};

/** A saving in large type, then all savings, then what costs least. */
const dealhunter: Layout = ({ ranked }) => {
  const reduced = bySaving(ranked);
  const cheap = byPrice(without(buyable(ranked), reduced)).slice(0, 10);
  const lead = reduced[0] ?? cheap[0];
  const compact = { columns: 4, density: "compact", item: "card" } as const;
  const prices = reduced.length > 0 ? compact : ({ columns: 2, density: "compact", item: "row" } as const); // a price list
  const opening =
    reduced.length === 0
      ? { title: "Good things for less", subtitle: "Low prices first, all the way down.", cta_text: "See this price" }
      : { title: "A very good deal", subtitle: "And the rest, large savings first.", cta_text: "Get this deal" };
  return [
    hero({ ...opening, style: reduced.length === 0 ? "split" : "deal" }, lead),
    ...grid(
      "savings",
      { ...compact, title: "Savings, large to small", show: ["saving", "stock"] },
      reduced.slice(0, 30),
    ),
    filters("Set your budget", ["price", "saving"]),
    ...grid("low", { ...prices, title: "Most for little", show: ["stock"] }, cheap),
    cta("Seen a better price here?", "Then take it while it lasts; the list goes on below.", "Back to the savings"),
  ];
};

/** More of what they come for, before anything else. */
const loyalist: Layout = ({ shopName, voice, ranked, signals }) => {
  const usual = ranked.filter((product) => preference(product, signals) > 0);
  const favourites = (usual.length > 0 ? usual : ranked).slice(0, usual.length > 5 && usual.length < 8 ? 7 : 5); // two left over would be no shelf
  const more = without(usual, favourites).slice(0, 8);
  const next = buyable(without(ranked, usual, favourites))[0];
  const others = byVariety(without(ranked, favourites, more, only(next))).slice(0, 10);
  const shelf = clip(usual[0]?.category ?? "", 40);
  const reason = shelf === "" ? "Your kind of thing, kept at the front." : `${shelf} first, as you like it.`;
  return [
    ...recommendations("yours", voiceOf(voice, shopName).welcomeBack, reason, favourites),
    ...grid(
      "more",
      { title: "More of what you like", columns: 4, density: "regular", item: "card", show: ["description"] },
      more,
    ),
    cta(
      "Something new beside your favourites",
      "From another shelf, near what you usually spend.",
      "Take a look",
      next,
    ),
    ...grid(
      "others",
      { title: "From the other shelves", columns: 4, density: "compact", item: "card", show: ["saving"] },
      others,
    ),
  ];
};

/** For somebody we know nothing about: one product large, every kind within reach, a few offers. */
const unknown: Layout = ({ shopName, voice, ranked }) => {
  const { welcome, invitation, look } = voiceOf(voice, shopName);
  const varied = byVariety(buyable(ranked));
  const offers = bySaving(ranked).slice(0, 5);
  const front = without(varied, offers).slice(0, 12);
  return [
    hero({ title: welcome, subtitle: invitation, cta_text: look, style: "split" }, varied[0]),
    filters("Find your way", ["category"]),
    ...grid(
      "front",
      { title: "At the front of the shop", columns: 4, density: "regular", item: "card", show: ["saving"] },
      front,
    ),
    ...recommendations("offers", "For a little less", "Reduced for now.", offers),
  ];
};

export const LAYOUTS: Record<PersonaType, Layout> = { minimalist, explorer, collector, dealhunter, loyalist, unknown };
