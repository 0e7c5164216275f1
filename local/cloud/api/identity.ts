/** Who calls: tokens, the user, memberships, and the one account. */
import type { Context } from "hono";
import { Routes } from "../routes";
import type { Services } from "../services";
import { ok, okPage } from "./envelope";

const PAGE = { default: 20, max: 50 };

/** The account's one user; `.invalid` is nobody's domain (RFC 2606). */
export const USER_EMAIL = "user@embedded-cloud.invalid";

export function identityRoutes({ account }: Services): Routes {
  const app = new Routes("read only; one user, one account, one token that may do everything");
  const shown = {
    id: account.id,
    name: account.name,
    type: "standard",
    settings: { enforce_twofactor: false },
    created_on: account.createdOn,
  };
  const verify = (c: Context) => ok(c, { id: account.tokenId, status: "active" });

  app.get("/user/tokens/verify", verify);
  app.get("/accounts/:account/tokens/verify", verify);
  app.get("/user", (c) => ok(c, { id: account.userId, email: USER_EMAIL, suspended: false }));
  app.get("/memberships", (c) =>
    okPage(c, [shown], PAGE, (one) => ({
      id: account.userId,
      status: "accepted",
      account: one,
      roles: ["Administrator"],
    })),
  );
  app.get("/accounts", (c) => okPage(c, [shown], PAGE, (one) => one));
  app.get("/accounts/:account", (c) => ok(c, shown));
  return app;
}
