/**
 * The storefront's browser script. It tells the shop what its reader does and, while a personal page is being made, waits
 * for that and offers it. It never changes what is being read. The page works the same without it.
 */
import { listen } from "./line";
import { offerWhenReady } from "./offer";
import { takeTold } from "./told";
import { trackReader } from "./tracking";

const page = document.documentElement;
/** Who and where: the cookie says who, unless the address does. */
const here = new URLSearchParams(location.search);
const identity = new URLSearchParams({ store: page.dataset["store"] ?? "" });
for (const name of ["shopper", "sig"]) {
  const value = here.get(name);
  if (value !== null) identity.set(name, value);
}

trackReader(identity);
const told = takeTold(identity);
/** When the page on the screen was made, while a newer one is being made. */
const preparing = page.getAttribute("data-wand-preparing");
if (preparing !== null) void offerWhenReady(identity, preparing);
else if (told) acknowledge(told);

/** Tells the shop that the page that was offered is on the screen. */
function acknowledge(personaHash: string): void {
  const line = listen(
    identity,
    () => undefined,
    () => {
      line.acknowledge(personaHash);
      line.close();
    },
  );
}
