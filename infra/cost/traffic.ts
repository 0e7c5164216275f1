/** What a stack serves on an average day. */
export interface Traffic {
  /** Pages shown, all stores together. */
  readonly viewsPerDay: number;
  /** Pages made where each shopper has their own, all stores together. */
  readonly pagesPerDay: number;
}

/** The scenario "1K new shoppers a day" of the first estimates: what a stack is judged by until its own figures are known. */
export const ASSUMED_TRAFFIC: Traffic = { viewsPerDay: 10_000, pagesPerDay: 1_000 };

/** More in a day than any shop has; a larger number is a slip. */
export const MOST_PER_DAY = 1_000_000_000;
/** What a shopper looks at in a day, where nobody says. */
const VIEWS_PER_SHOPPER = 10;

export const REFRESHES = ["hourly", "daily"] as const;
export type Refresh = (typeof REFRESHES)[number];
/**
 * Hours of a day in which a shopper comes by; each makes their page anew when pages live for an hour. Of the first estimates: an
 * hourly refresh takes three times the containers of a daily one there.
 */
export const HOURS_PER_SHOPPER = 3;

/** How a merchant would say it. */
export interface Shoppers {
  /** New ones in a day. */
  readonly newShoppersPerDay: number;
  readonly refresh: Refresh;
  /** Hours of a day in which each comes by, 1 to 24. */
  readonly hours?: number;
}

/** Pages that one shopper has made in a day. */
export const pagesPerShopper = ({ refresh, hours = HOURS_PER_SHOPPER }: Pick<Shoppers, "refresh" | "hours">): number =>
  refresh === "hourly" ? hours : 1;

/** The traffic of so many new shoppers, who look at ten pages a day, and at one at least whenever theirs is made. */
export function trafficOf(shoppers: Shoppers): Traffic {
  const { newShoppersPerDay } = shoppers;
  const pages = pagesPerShopper(shoppers);
  return {
    viewsPerDay: newShoppersPerDay * Math.max(VIEWS_PER_SHOPPER, pages),
    pagesPerDay: newShoppersPerDay * pages,
  };
}

/** The other figure where only one is known: ten pages are shown for each that is made. */
export function completeTraffic({ viewsPerDay, pagesPerDay }: Partial<Traffic>): Traffic {
  if (viewsPerDay !== undefined && pagesPerDay !== undefined) return { viewsPerDay, pagesPerDay };
  if (viewsPerDay !== undefined) return { viewsPerDay, pagesPerDay: Math.ceil(viewsPerDay / VIEWS_PER_SHOPPER) };
  if (pagesPerDay !== undefined) return { viewsPerDay: pagesPerDay * VIEWS_PER_SHOPPER, pagesPerDay };
  return ASSUMED_TRAFFIC;
}
