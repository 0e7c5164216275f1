import { z } from "zod";
import { storefrontApi, type ShopifyManifest } from "../../runtime/lib/catalogue/manifest";
import { askStorefront, type Clock, WALL_CLOCK } from "../../runtime/lib/catalogue/storefrontClient";
import { FleetError } from "./errors";
import { type Part, type Said, type Sayings } from "./manifest";

const QUERY = `{
  shop {
    name
    primaryDomain { url }
    paymentSettings { currencyCode }
    brand { slogan colors { primary { background } secondary { background } } }
  }
}`;
const Colours = z.array(z.object({ background: z.string().nullish() })).nullish();
const Answer = z.object({
  shop: z.object({
    name: z.string(),
    primaryDomain: z.object({ url: z.string() }),
    paymentSettings: z.object({ currencyCode: z.string() }),
    brand: z
      .object({
        slogan: z.string().nullish(),
        colors: z.object({ primary: Colours, secondary: Colours }).nullish(),
      })
      .nullish(),
  }),
});
/** What a manifest takes for a colour; Shopify's may be of other forms. */
const COLOUR = /^#[0-9A-Fa-f]{6}$/;
const LONGEST_TAGLINE = 160;

/**
 * What a shop at Shopify says of itself: name, address, currency and its brand, as far as it has one there.
 * @throws FleetError BAD_EXPORT where it cannot be asked
 */
export async function askShop(shopify: ShopifyManifest, clock: Clock = WALL_CLOCK): Promise<Sayings> {
  const endpoint = storefrontApi(shopify);
  let shop: z.infer<typeof Answer>["shop"];
  try {
    ({ shop } = Answer.parse(await askStorefront({ endpoint }, QUERY, {}, clock)));
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? "it answers something else than its name and currency" : (cause as Error).message;
    throw new FleetError(
      "BAD_EXPORT",
      `the shop ${shopify.domain} cannot be asked about itself: ${why}. See that this is the shop's *.myshopify.com domain and ` +
        "that it has no password, or export its products and name the file with --from",
      { cause },
    );
  }
  const colours = shop.brand?.colors;
  const told: [Part, string | null | undefined][] = [
    ["name", shop.name],
    ["shopUrl", shop.primaryDomain.url.replace(/\/$/, "")],
    ["currency", shop.paymentSettings.currencyCode],
    ["brand.primaryColor", colourIn(colours?.primary)],
    ["brand.secondaryColor", colourIn(colours?.secondary)],
    ["brand.tagline", shop.brand?.slogan?.slice(0, LONGEST_TAGLINE)],
  ];
  const by = `what ${shopify.domain} says`;
  return Object.fromEntries(told.flatMap(([part, value]): [Part, Said][] => (value ? [[part, { value, by }]] : [])));
}

const colourIn = (colours: z.infer<typeof Colours>): string | undefined =>
  colours?.map(({ background }) => background ?? "").find((colour) => COLOUR.test(colour));
