import { parse, serialize } from "hono/utils/cookie";
import { isShopperId } from "../../contract/store";
import { cookieText, sign, verify } from "./signature";

const NAME = "wand_shopper";
const SECONDS = 30 * 86_400;

/** Over https the `__Host-` prefix keeps other hosts of the domain from setting it. */
const nameFor = (https: boolean): string => (https ? `__Host-${NAME}` : NAME);

/** A new shopper's id: 128 random bits in hex. */
export function newShopperId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The shopper a request's cookie names; undefined without a cookie and for one that we did not sign. */
export async function readCookie(header: string | null, https: boolean, secret: string): Promise<string | undefined> {
  const value = parse(header ?? "", nameFor(https))[nameFor(https)] ?? "";
  const [id = "", signature = ""] = value.split(".");
  const ours = isShopperId(id) && (await verify(secret, cookieText(id), signature));
  return ours ? id : undefined;
}

/** The `Set-Cookie` that makes a browser this shopper for 30 days. */
export async function writeCookie(shopper: string, https: boolean, secret: string): Promise<string> {
  const value = `${shopper}.${await sign(secret, cookieText(shopper))}`;
  return serialize(nameFor(https), value, options(https, SECONDS));
}

/** The `Set-Cookie` after which a browser is nobody we know. */
export const forgetCookie = (https: boolean): string => serialize(nameFor(https), "", options(https, 0));

const options = (https: boolean, maxAge: number) =>
  ({ httpOnly: true, maxAge, path: "/", sameSite: "Lax", secure: https }) as const;
