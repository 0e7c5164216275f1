/** Custom domains: host names at which the edge answers for a Worker. */
import { z } from "zod";
import { Hostname } from "../../hostname";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId, uuid } from "../../state/ids";
import type { DomainDoc, State, ZoneDoc } from "../../state/model";
import { isInZone, zoneOf } from "../../state/zones";
import { jsonBody } from "../body";
import { ok, okPage } from "../envelope";

/** The one environment that is left; others are a thing of the past ("deprecated" in the description). */
const ENVIRONMENT = "production";
const PAGE = { default: 1000, max: 1000 };

const Attach = z.object({
  hostname: Hostname,
  service: z.string().min(1),
  environment: z.literal(ENVIRONMENT).optional(),
  zone_id: z.string().optional(),
  zone_name: z.string().toLowerCase().optional(),
});
type Attach = z.output<typeof Attach>;

export function domainRoutes({ state, releases }: Services): Routes {
  const app = new Routes("the edge answers for an attached host name; certificates are ids only");

  app.get("/", (c) => {
    const { zone_id, zone_name, service, hostname, environment } = c.req.query();
    const wanted = { zone_id, zone_name, service, hostname, environment };
    const matching = state.domains.list().filter((domain) => {
      const fields: Record<string, unknown> = shownDomain(domain, state);
      return Object.entries(wanted).every(([name, value]) => !value || fields[name] === value);
    });
    return okPage(c, matching, PAGE, (domain) => shownDomain(domain, state));
  });
  /** Attaches a host name, or gives one that is attached to another Worker. */
  app.put("/", async (c) => {
    const input = await jsonBody(c, Attach, INVALID_INPUT.workers);
    const zone = zoneFor(input);
    if (!state.workers.find(({ name }) => name === input.service)) throw errors.workerNotFound();
    const { hostname, service } = input;
    const known = state.domains.find((domain) => domain.hostname === hostname);
    const domain: DomainDoc = known
      ? { ...known, service }
      : { id: hexId(), hostname, service, zoneId: zone.id, certId: uuid() };
    state.domains.put(domain.id, domain);
    releases.updateEdge();
    return ok(c, shownDomain(domain, state));
  });
  app.post("/", () => {
    throw errors.methodNotAllowed();
  });
  app.get("/:domain", (c) => ok(c, shownDomain(find(c.req.param("domain")), state)));
  app.delete("/:domain", (c) => {
    state.domains.delete(find(c.req.param("domain")).id);
    releases.updateEdge();
    return ok(c, null);
  });
  return app;

  function zoneFor({ hostname, zone_id, zone_name }: Attach): ZoneDoc {
    const named = zone_id !== undefined || zone_name !== undefined;
    const zone = named
      ? state.zones.find(({ id, name }) => id === (zone_id ?? id) && name === (zone_name ?? name))
      : zoneOf(state, hostname);
    if (!zone || !isInZone(hostname, zone)) throw errors.domainZone(hostname);
    return zone;
  }

  function find(id: string): DomainDoc {
    const domain = state.domains.get(id);
    if (!domain) throw errors.domainNotFound();
    return domain;
  }
}

function shownDomain({ id, hostname, service, zoneId, certId }: DomainDoc, state: State) {
  return {
    id,
    hostname,
    service,
    environment: ENVIRONMENT,
    zone_id: zoneId,
    zone_name: state.zones.get(zoneId)?.name ?? "",
    cert_id: certId,
  };
}
