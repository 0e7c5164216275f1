import { switchOffInProd } from "./switchOffInProd";

export const debugOffInProd = switchOffInProd("DEBUG_ENABLED", {
  name: "debug-off-in-prod",
  what: "The debug routes are closed in production.",
  why: "The debug routes show the inside of the generator and make pages at the shop's expense.",
  fix: "Set debug.enabled to false.",
  setting: "debug.enabled",
});
