import { WandError } from "../../contract/errors";
import type { AppContext } from "../http/context";
import { refuseCrossSite } from "../http/sameOrigin";
import { mayTrack } from "../privacy/consent";
import type { SocketQuery } from "../shopper/api";
import { noShopper, recognise } from "../shopper/identity";
import { shopperOf } from "../shopper/stub";
import { checkSlug, loadStore } from "../stores/record";

/**
 * `GET /ws?store=`: the shopper's WebSocket. The shopper comes from the cookie, or from `shopper` (`shopper_id`) and `sig` as
 * in a link; `since` is the last event that the client heard.
 */
export async function ws(c: AppContext): Promise<Response> {
  const request = c.req.raw;
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    c.header("Upgrade", "websocket");
    throw new WandError("UPGRADE_REQUIRED", "This address is a WebSocket: ask with Upgrade: websocket.");
  }
  refuseCrossSite(request);
  const { searchParams, origin } = new URL(request.url);
  const slug = checkSlug(searchParams.get("store") ?? "");
  const shopper = await recognise(request, c.env, slug, {
    shopper: searchParams.get("shopper") ?? searchParams.get("shopper_id") ?? undefined,
    sig: searchParams.get("sig") ?? undefined,
  });
  if (shopper === undefined) throw noShopper();
  const since = sinceOf(searchParams.get("since"));
  const store = await loadStore(c.env, slug);
  const name = { store: slug, shopper };
  if (!(await mayTrack(c.env, store, { name, request, log: c.var.log }))) {
    throw new WandError("CONSENT_REQUIRED", "The shopper has not said yes to a page of their own.");
  }
  const query = { ...name, origin, ...(since !== undefined && { since }) };
  return shopperOf(c.env, name).fetch(addressOf(query), { headers: { Upgrade: "websocket" } });
}

/** The number of an event. Throws BAD_REQUEST. */
function sinceOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const since = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(since)) return since;
  throw new WandError("BAD_REQUEST", `since is "${text.slice(0, 20)}": it is the seq of an event, a whole number.`, {
    field: "since",
  });
}

function addressOf(query: SocketQuery): string {
  const address = new URL("http://shopper/socket");
  for (const [key, value] of Object.entries(query)) address.searchParams.set(key, String(value));
  return address.href;
}
