import { switchOffInProd } from "./switchOffInProd";

export const unsignedLinksOffInProd = switchOffInProd("UNSIGNED_LINKS", {
  name: "unsigned-links-off-in-prod",
  what: "In production a link may name a shopper only with a signature.",
  why: "Anyone who guesses a shopper's id would see that shopper's page and write to their profile.",
  fix: "Set identity.unsignedLinks to false.",
  setting: "identity.unsignedLinks",
});
