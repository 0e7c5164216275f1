import * as z from "zod";
import { WandError } from "../../contract/errors";
import { webUrl } from "../../page/html";
import type { AppContext } from "../http/context";
import { refuseCrossSite } from "../http/sameOrigin";
import { hasRefused, noRefusalCookie, refusalCookie } from "../privacy/consent";
import { isBot } from "../shopper/bots";
import { forgetCookie } from "../shopper/cookie";
import { checkLink, isHttps, namedBy, newcomer, shopperOfCookie, type Named } from "../shopper/identity";
import { rememberSession } from "../shopper/session";
import { shopperOf } from "../shopper/stub";
import { checkSlug, loadStore } from "../stores/record";
import { erase } from "./shopper";

const FORM = "application/x-www-form-urlencoded";

const ConsentSchema = z.object({
  store: z.string(),
  consent: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]),
  shopper: z.string().optional(),
  sig: z.string().optional(),
});
type Consent = z.output<typeof ConsentSchema>;

/**
 * `POST /api/shopper/consent` `{store, consent}`, as JSON or as a page's form. A yes is remembered of the shopper, who gets a
 * name if need be. A no erases what is kept of them and is remembered by a cookie that names nobody. JSON is answered with
 * JSON, a form with 303 back to the storefront.
 */
export async function consent(c: AppContext): Promise<Response> {
  refuseCrossSite(c.req.raw);
  const isForm = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() === FORM;
  const said = read(await c.req.text(), isForm);
  const slug = checkSlug(said.store);
  await loadStore(c.env, slug);
  const page = isForm ? pageOf(c.req.raw, slug) : undefined;
  const named = said.shopper === undefined && page !== undefined ? namedBy(page) : said;

  if (said.consent) await grant(c, slug, named);
  else await withdraw(c, slug, named);
  return isForm ? c.redirect(`/s/${slug}${page?.search ?? ""}`, 303) : c.json({ consent: said.consent });
}

async function grant(c: AppContext, store: string, named: Pick<Consent, keyof Named>): Promise<void> {
  const request = c.req.raw;
  if (isBot(request.headers.get("User-Agent"), true)) return;
  let shopper = await (named.shopper === undefined
    ? shopperOfCookie(request, c.env)
    : checkLink(c.env, store, named.shopper, named.sig));
  if (shopper === undefined) {
    const visitor = await newcomer(request, c.env);
    shopper = visitor.shopper;
    c.header("Set-Cookie", visitor.setCookie, { append: true });
  }
  const name = { store, shopper };
  rememberSession(name, await shopperOf(c.env, name).consent(name));
  if (hasRefused(request)) c.header("Set-Cookie", noRefusalCookie(isHttps(request)), { append: true });
}

/** A no is a browser's and holds in all stores, so the cookie's shopper is erased in all of them. */
async function withdraw(c: AppContext, store: string, named: Pick<Consent, keyof Named>): Promise<void> {
  const https = isHttps(c.req.raw);
  c.header("Set-Cookie", refusalCookie(https), { append: true });
  if (named.shopper !== undefined) await erase(c, await checkLink(c.env, store, named.shopper, named.sig), [store]);
  const shopper = await shopperOfCookie(c.req.raw, c.env);
  if (shopper === undefined) return;
  await erase(c, shopper, "all");
  // Only now: whoever has to ask once more has to be known until then.
  c.header("Set-Cookie", forgetCookie(https), { append: true });
}

/** The storefront whose form was sent; its address may name a shopper. Undefined when the browser does not say. */
function pageOf(request: Request, store: string): URL | undefined {
  const referrer = webUrl(request.headers.get("Referer"));
  if (referrer === undefined) return undefined;
  const page = new URL(referrer);
  const ours = page.origin === new URL(request.url).origin && page.pathname === `/s/${store}`;
  return ours ? page : undefined;
}

function read(text: string, isForm: boolean): Consent {
  const parsed = ConsentSchema.safeParse(isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.map(String).join(".") || "body";
  const message = `${field}: send {"store": "…", "consent": true or false}, as JSON or as a form.`;
  throw new WandError("BAD_REQUEST", message, { field });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WandError("BAD_REQUEST", "The body is no JSON object.", { cause, field: "body" });
  }
}
