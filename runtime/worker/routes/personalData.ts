import { WandError } from "../../contract/errors";
import { isShopperId } from "../../contract/store";
import type { AppContext } from "../http/context";
import { checkSlug } from "../stores/record";
import { storeSyncOf } from "../stores/stub";
import { personalDataOf } from "../webhooks/personalData";

/** `GET /api/privacy/requests?store=`: whose data a shop asked for in the last 30 days. */
export async function dataRequests(c: AppContext): Promise<Response> {
  const store = checkSlug(c.req.query("store") ?? "");
  const requests = await storeSyncOf(c.env, store).dataRequests();
  return c.json({ requests });
}

/** `GET /api/privacy/export?store=&shopper=`: all that is kept of a shopper in a store, as it is now. */
export async function exportShopper(c: AppContext): Promise<Response> {
  const store = checkSlug(c.req.query("store") ?? "");
  const shopper = c.req.query("shopper") ?? "";
  if (!isShopperId(shopper)) {
    throw new WandError("BAD_SHOPPER", "Say whose data, by ?shopper= and the id that links name them by.", {
      field: "shopper",
    });
  }
  return c.json(await personalDataOf(c.env, { store, shopper }));
}
