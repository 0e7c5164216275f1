import { WandError } from "../../contract/errors";
import { settingsOf } from "../settings";
import type { AppContext, Handler } from "./context";

/** Lets a request through that carries the admin token; for everybody else there is no route. */
export function adminOnly(handler: Handler): Handler {
  return async (c) => {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    const open = given !== undefined && c.env.ADMIN_TOKEN !== "";
    if (!open || !(await same(given, c.env.ADMIN_TOKEN))) throw notFound(c);
    return handler(c);
  };
}

/** As `adminOnly`, and where debugging is off there is no route for anybody. */
export const debugOnly = (handler: Handler): Handler =>
  adminOnly((c) => {
    if (!settingsOf(c.env).DEBUG_ENABLED) throw notFound(c);
    return handler(c);
  });

export const notFound = (c: AppContext): WandError => new WandError("NOT_FOUND", `There is no ${c.req.path} here.`);

/** Compares digests, so that neither the time nor the length says anything of the token. */
async function same(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(left, right);
}

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
