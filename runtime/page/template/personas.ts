import type { Section } from "../../contract/layout";
import type { PersonaType } from "../../contract/persona";
import type { Product } from "../../contract/product";
import { clip } from "../product/facts";
import { cta, filters, grid, hero, recommendations, without, type Shelf } from "./build";
import type { Lines } from "./copy";
import { byCategory, byPrice, bySaving, byVariety, preference } from "./ranking";

/**
 * One layout per persona, by its plan in `plans.ts`; they differ in which sections there are and in their order. The words hold
 * no price, saving, count or product's name: a layout outlives the catalogue it was made for, and only the renderer knows
 * today's facts. What the hero shows is not shown again in the list below it.
 */
type Layout = (shelf: Shelf) => Section[];

const buyable = (products: readonly Product[]): Product[] => products.filter((product) => product.available);
const only = (product: Product | undefined): Product[] => (product === undefined ? [] : [product]);
const dearest = (products: readonly Product[]): Product | undefined =>
  products.slice(0, 8).toSorted((a, b) => b.price - a.price)[0];

/** As many as fill rows of five; the rest is listed at the end of the page. */
const wholeRows = (products: readonly Product[]): readonly Product[] =>
  products.length < 5 ? products : products.slice(0, products.length - (products.length % 5));

/** A few good things and nothing more; the rest is folded away. */
const minimalist: Layout = ({ lines, ranked }) => [
  hero({ title: lines.fewThings, subtitle: lines.fewThingsWhy, cta_text: lines.look, style: "quiet" }),
  ...grid("selection", { title: "", columns: 2, density: "airy", item: "card", show: [] }, ranked.slice(0, 6)),
];

/** Ways in first, then one of everything, then what they have not looked at, then shelf after shelf. */
const explorer: Layout = ({ lines, ranked, signals }) => {
  const wide = byVariety(ranked).slice(0, 9); // the first is drawn large, so that nine fill whole rows
  const strange = byVariety(buyable(ranked).filter((product) => preference(product, signals) === 0));
  const remote = without(strange, wide).slice(0, 5);
  const left = without(ranked, wide, remote);
  const tiles = { columns: 4, density: "compact" as const, item: "tile" as const, show: [] };
  const shelves = [...byCategory(left)].filter(([name, products]) => name.trim() !== "" && products.length >= 4);
  return [
    filters(lines.start, ["category", "price"]),
    ...grid("wander", { ...tiles, title: lines.everyShelf, density: "regular" }, wide),
    ...recommendations("remote", lines.unusual, lines.unusualWhy, remote),
    ...(shelves.length >= 2
      ? shelves
          .slice(0, 5)
          .flatMap(([name, products], index) =>
            grid(`shelf_${index}`, { ...tiles, title: clip(name, 90) }, wholeRows(products.slice(0, 10))),
          )
      : grid("left", { ...tiles, title: lines.stillMore }, wholeRows(byVariety(left).slice(0, 20)))),
  ];
};

/** One piece in full, its kind beside it for comparison, then every detail in rows, then a piece of another kind. */
const collector: Layout = ({ lines, products, ranked }) => {
  const best = dearest(buyable(ranked));
  const kin = without(
    products.filter((product) => product.category === best?.category),
    only(best),
  ).slice(0, 4);
  const other = dearest(buyable(ranked).filter((product) => product.category !== best?.category));
  const rows = without(ranked, only(best), only(other), kin).slice(0, 12);
  return [
    hero({ title: lines.piece, subtitle: lines.pieceWhy, cta_text: lines.examine, style: "split" }, best),
    ...grid(
      "beside",
      { title: lines.kin, columns: 4, density: "regular", item: "card", show: ["vendor", "options", "stock"] },
      kin,
    ),
    filters(lines.narrow, ["category", "price"]),
    ...grid(
      "catalogue",
      {
        title: lines.catalogue,
        columns: 1,
        density: "regular",
        item: "row",
        show: ["vendor", "description", "tags", "options", "stock", "saving"],
      },
      rows,
    ),
    ...(other === undefined ? [] : [cta(lines.another, lines.anotherWhy, lines.lookCloser, other)]),
  ];
};

/** A saving in large type, then all other savings, then what costs least. */
const dealhunter: Layout = ({ lines, ranked }) => {
  const reduced = bySaving(ranked);
  const cheap = byPrice(without(buyable(ranked), reduced));
  const lead = reduced[0] ?? cheap[0];
  const compact = { columns: 4, density: "compact", item: "card" } as const;
  const prices = reduced.length > 0 ? compact : ({ columns: 2, density: "compact", item: "row" } as const); // a price list
  const opening =
    reduced.length === 0
      ? { title: lines.lowPrices, subtitle: lines.lowPricesWhy, cta_text: lines.seePrice, style: "split" as const }
      : { title: lines.deal, subtitle: lines.dealWhy, cta_text: lines.getDeal, style: "deal" as const };
  const budget = filters(lines.budget, ["price", "saving"]);
  const cheapest = without(cheap, only(lead)).slice(0, 10);
  const low = grid("low", { ...prices, title: lines.cheapest, show: ["stock"] }, cheapest);
  return [
    hero(opening, lead),
    ...grid("savings", { ...compact, title: lines.savings, show: ["saving", "stock"] }, reduced.slice(1, 31)),
    ...(reduced.length > 0 ? [budget, ...low] : [...low, budget]), // prices come first
  ];
};

/** More of what they come for, before anything else. */
const loyalist: Layout = ({ lines, ranked, signals }) => {
  const usual = ranked.filter((product) => preference(product, signals) > 0);
  const favourites = (usual.length > 0 ? usual : ranked).slice(0, usual.length > 5 && usual.length < 8 ? 7 : 5); // two left over would be no shelf
  const more = without(usual, favourites).slice(0, 8);
  const next = buyable(without(ranked, usual, favourites))[0];
  const others = byVariety(without(ranked, favourites, more, only(next))).slice(0, 10);
  const shelf = clip(usual[0]?.category ?? "", 40);
  if (favourites.length === 0)
    return [hero({ title: lines.welcomeBack, subtitle: "", cta_text: lines.look, style: "quiet" })];
  return [
    ...recommendations("yours", lines.welcomeBack, shelf === "" ? lines.yours : lines.shelfFirst(shelf), favourites),
    ...grid("more", { title: lines.more, columns: 4, density: "regular", item: "card", show: ["description"] }, more),
    ...(next === undefined ? [] : [cta(lines.fresh, lines.freshWhy, lines.takeALook, next)]),
    ...grid("others", { title: lines.others, columns: 4, density: "compact", item: "card", show: ["saving"] }, others),
  ];
};

/** For somebody we know nothing about: one product large, every kind within reach, a few offers. */
const unknown: Layout = ({ lines, ranked }) => {
  const varied = byVariety(buyable(ranked));
  const [lead] = varied;
  const offers = bySaving(without(ranked, only(lead))).slice(0, 5);
  const front = without(varied, only(lead), offers).slice(0, 12);
  return [
    hero({ title: lines.welcome, subtitle: lines.invitation, cta_text: lines.look, style: "split" }, lead),
    filters(lines.way, ["category"]),
    ...grid("front", { title: lines.front, columns: 4, density: "regular", item: "card", show: ["saving"] }, front),
    ...recommendations("offers", lines.reduced, lines.reducedWhy, offers),
  ];
};

/** For whoever it is: one thing is no selection, so that it is shown in full and there is nothing else. */
export function single(product: Product, persona: PersonaType, lines: Lines): Section[] {
  const title = persona === "loyalist" ? lines.welcomeBack : lines.piece;
  return [hero({ title, subtitle: "", cta_text: lines.lookCloser, style: "split" }, product)];
}

export const LAYOUTS: Record<PersonaType, Layout> = { minimalist, explorer, collector, dealhunter, loyalist, unknown };
