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

/** A host name, and the zone that it shall be in; the nearest where none is named. */
export const Origin = z.object({
  hostname: Hostname,
  zone_id: z.string().optional(),
  zone_name: z.string().toLowerCase().optional(),
});
type Origin = z.output<typeof Origin>;
const Attach = Origin.extend({ service: z.string().min(1), environment: z.literal(ENVIRONMENT).optional() });

export function domainRoutes(services: Services): Routes {
  const { state, releases } = services;
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
    const { service, ...origin } = await jsonBody(c, Attach, INVALID_INPUT.workers);
    const [domain] = attach(services, service, [origin]);
    return ok(c, domain);
  });
  app.post("/", () => {
    throw errors.methodNotAllowed();
  });
  app.get("/records/:domain", (c) => ok(c, shownDomain(find(c.req.param("domain")), state))); // wrangler's word for it
  app.get("/:domain", (c) => ok(c, shownDomain(find(c.req.param("domain")), state)));
  app.delete("/:domain", (c) => {
    state.domains.delete(find(c.req.param("domain")).id);
    releases.updateEdge();
    return ok(c, null);
  });
  return app;

  function find(id: string): DomainDoc {
    const domain = state.domains.get(id);
    if (!domain) throw errors.domainNotFound();
    return domain;
  }
}

/** Attaches host names to a Worker, all or none; those of other Workers change hands. */
export function attach({ state, releases }: Services, service: string, origins: readonly Origin[]) {
  const domains = origins.map((origin): DomainDoc => {
    const zone = zoneFor(origin, state);
    const { hostname } = origin;
    const known = state.domains.find((domain) => domain.hostname === hostname);
    return known ? { ...known, service } : { id: hexId(), hostname, service, zoneId: zone.id, certId: uuid() };
  });
  if (!state.workers.find(({ name }) => name === service)) throw errors.workerNotFound();
  state.transaction(() => {
    for (const domain of domains) state.domains.put(domain.id, domain);
  });
  releases.updateEdge();
  return domains.map((domain) => shownDomain(domain, state));
}

/** The zone of a host name. @throws ApiError where the account has none, or the named one is not the host's */
export function zoneFor({ hostname, zone_id, zone_name }: Origin, state: State): ZoneDoc {
  const named = zone_id !== undefined || zone_name !== undefined;
  const zone = named
    ? state.zones.find(({ id, name }) => id === (zone_id ?? id) && name === (zone_name ?? name))
    : zoneOf(state, hostname);
  if (!zone || !isInZone(hostname, zone)) throw errors.domainZone(hostname);
  return zone;
}

export function shownDomain({ id, hostname, service, zoneId, certId }: DomainDoc, state: State) {
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
