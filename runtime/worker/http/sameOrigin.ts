import { WandError } from "../../contract/errors";

/** What browsers say of a request that the reader's own page, or the reader themselves, made. */
const OWN_SITES = ["same-origin", "none"];

/**
 * Refuses what another site's page makes a browser send. Browsers tell where a request comes from, and pages cannot change
 * what they tell; a client that tells nothing is no browser, and nobody is tricked into running that. Throws CROSS_SITE.
 */
export function refuseCrossSite(request: Request): void {
  const site = request.headers.get("Sec-Fetch-Site");
  const origin = request.headers.get("Origin");
  const own = site === null ? origin === null || origin === new URL(request.url).origin : OWN_SITES.includes(site);
  if (!own) throw new WandError("CROSS_SITE", "Only the storefront's own pages may ask for this.");
}
