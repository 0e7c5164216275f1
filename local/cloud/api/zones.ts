/** Zones: domains of the account. Active at once, since no registrar has to be told. */
import { z } from "zod";
import { Hostname } from "../hostname";
import { errors, INVALID_INPUT } from "../refusals";
import { Routes } from "../routes";
import type { Services } from "../services";
import type { ZoneDoc } from "../state/model";
import { addZone } from "../state/zones";
import { jsonBody } from "./body";
import { ok, okPage } from "./envelope";
import { USER_EMAIL } from "./identity";

const Create = z.object({
  account: z.object({ id: z.string() }),
  name: Hostname,
  type: z.literal("full").default("full"),
});
const PAGE = { default: 20, max: 50 };
const NAME_SERVERS = ["ada.ns.embedded-cloud.invalid", "bob.ns.embedded-cloud.invalid"];

export function zoneRoutes({ account, state, now }: Services): Routes {
  const app = new Routes(
    "the account owns `example.com` from the start; new zones are active at once; no DNS, no deletion",
  );

  app.get("/", (c) => {
    const name = c.req.query("name")?.toLowerCase();
    const owner = c.req.query("account.id");
    const status = c.req.query("status");
    const matching = state.zones
      .list()
      .filter((zone) => (!name || zone.name === name) && (!owner || owner === account.id))
      .filter(() => !status || status === "active");
    return okPage(c, matching, PAGE, shown);
  });
  app.post("/", async (c) => {
    const input = await jsonBody(c, Create, INVALID_INPUT.zones);
    if (input.account.id !== account.id) throw errors.otherAccount();
    if (state.zones.find(({ name }) => name === input.name)) throw errors.zoneExists(input.name);
    return ok(c, shown(addZone(state, input.name, now())));
  });
  app.get("/:zone", (c) => {
    const zone = state.zones.get(c.req.param("zone"));
    if (!zone) throw errors.zoneNotFound();
    return ok(c, shown(zone));
  });
  return app;

  function shown({ id, name, createdOn }: ZoneDoc) {
    return {
      id,
      name,
      status: "active",
      paused: false,
      type: "full",
      development_mode: 0,
      name_servers: NAME_SERVERS,
      original_name_servers: null,
      original_registrar: null,
      original_dnshost: null,
      created_on: createdOn,
      modified_on: createdOn,
      activated_on: createdOn,
      meta: {
        cdn_only: false,
        custom_certificate_quota: 0,
        dns_only: false,
        foundation_dns: false,
        page_rule_quota: 3,
        phishing_detected: false,
        step: 2,
      },
      owner: { id: account.userId, type: "user", name: USER_EMAIL },
      account: { id: account.id, name: account.name },
      permissions: ["#zone:read", "#zone:edit", "#worker:read", "#worker:edit"],
      plan: {
        id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
        name: "Free Website",
        price: 0,
        currency: "USD",
        is_subscribed: false,
        can_subscribe: false,
        legacy_id: "free",
        legacy_discount: false,
        externally_managed: false,
      },
    };
  }
}
