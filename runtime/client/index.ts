/**
 * The storefront's browser script. It tells the shop what its reader does and, while a personal page is being made, waits
 * for that and offers it. It never changes what is being read. The page works the same without it.
 */
import { offerWhenReady } from "./offer";
import { trackClicks, trackVisit } from "./tracking";

/** Who and where: the cookie says who, unless the address does. */
const here = new URLSearchParams(location.search);
const identity = new URLSearchParams({ store: document.documentElement.dataset["store"] ?? "" });
for (const name of ["shopper", "sig"]) {
  const value = here.get(name);
  if (value !== null) identity.set(name, value);
}

trackClicks(identity);
trackVisit(identity);
if (document.documentElement.hasAttribute("data-wand-preparing")) void offerWhenReady(identity);
