/**
 * Short-lived passwords for the image registry. A password carries what it allows and its own end, signed with the cloud's token:
 * nothing has to be kept, and a restart does not end it.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export type RegistryPermission = "pull" | "push" | "list";

/** User name that goes with an issued password, as on Cloudflare. */
export const REGISTRY_USER = "v1";

export class RegistryCredentials {
  readonly #apiToken: string;
  readonly #now: () => Date;

  constructor(apiToken: string, now: () => Date) {
    this.#apiToken = apiToken;
    this.#now = now;
  }

  issue(permissions: readonly RegistryPermission[], minutes: number): string {
    const until = this.#now().getTime() + minutes * 60_000;
    const claims = Buffer.from(JSON.stringify({ permissions, until })).toString("base64url");
    return `${claims}.${this.#sign(claims)}`;
  }

  /** What an Authorization header allows; undefined where it is none of ours or has ended. The API token allows everything. */
  permissions(authorization: string | undefined): readonly RegistryPermission[] | undefined {
    const [scheme, value = ""] = (authorization ?? "").split(" ");
    const password =
      scheme?.toLowerCase() === "basic"
        ? Buffer.from(value, "base64")
            .toString("utf8")
            .replace(/^[^:]*:/, "")
        : value;
    if (equal(password, this.#apiToken)) return ["pull", "push", "list"];
    const [claims = "", signature = ""] = password.split(".");
    if (!equal(signature, this.#sign(claims))) return undefined;
    const { permissions, until } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as {
      permissions: RegistryPermission[];
      until: number;
    };
    return until > this.#now().getTime() ? permissions : undefined;
  }

  #sign(claims: string): string {
    return createHmac("sha256", this.#apiToken).update(claims).digest("base64url");
  }
}

/** Compares in a time that does not depend on where the texts differ. */
export function equal(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHmac("sha256", "compare").update(text).digest()) as [
    Buffer,
    Buffer,
  ];
  return timingSafeEqual(a, b);
}
