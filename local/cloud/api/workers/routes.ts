/** Routes: addresses of a zone at which a Worker is asked, before what else there is at that host. */
import type { Context } from "hono";
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { hostOf, readPattern } from "../../routePattern";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { HEX_ID, hexId } from "../../state/ids";
import type { RouteDoc, State, ZoneDoc } from "../../state/model";
import { isInZone } from "../../state/zones";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { zoneFor } from "./domains";
import { findScript } from "./find";

const Route = z.object({ pattern: z.string().min(1), script: z.string().min(1).nullish() });
type Route = z.output<typeof Route>;
const ScriptRoute = z.object({
  pattern: z.string(),
  zone_id: z.string().optional(),
  zone_name: z.string().toLowerCase().optional(),
});
type ScriptRoute = z.output<typeof ScriptRoute>;

export function routeRoutes({ state, releases }: Services): Routes {
  const app = new Routes(
    "the edge asks a route's Worker before the host's; `http` and `https` patterns are one, and no DNS record is needed. A route without a Worker leaves the host to its custom domain",
  );

  app.get("/:zone/workers/routes", (c) => {
    const { id } = zone(c);
    const own = state.routes.list().filter(({ zoneId }) => zoneId === id);
    return ok(c, own.map(shown));
  });
  app.post("/:zone/workers/routes", async (c) => {
    const of = zone(c);
    const input = await jsonBody(c, Route, INVALID_INPUT.workers);
    return ok(c, keep({ id: hexId(), ...checked(state, input, of) }));
  });
  app.get("/:zone/workers/routes/:route", (c) => ok(c, shown(find(c))));
  app.put("/:zone/workers/routes/:route", async (c) => {
    const { id } = find(c);
    const input = await jsonBody(c, Route, INVALID_INPUT.workers);
    return ok(c, keep({ id, ...checked(state, input, zone(c), id) }));
  });
  app.delete("/:zone/workers/routes/:route", (c) => {
    const { id } = find(c);
    state.routes.delete(id);
    releases.updateEdge();
    return ok(c, { id });
  });
  return app;

  function keep(route: RouteDoc) {
    state.routes.put(route.id, route);
    releases.updateEdge();
    return shown(route);
  }

  function zone(c: Context): ZoneDoc {
    const id = c.req.param("zone") ?? "";
    if (!HEX_ID.test(id)) throw errors.malformedAccount(c.req.path);
    const found = state.zones.get(id);
    if (!found) throw errors.otherAccount();
    return found;
  }

  function find(c: Context): RouteDoc {
    const { id } = zone(c);
    const route = state.routes.get(c.req.param("route") ?? "");
    if (route?.zoneId !== id) throw errors.routeNotFound();
    return route;
  }
}

/** All routes of one Worker at once, which is how wrangler sets them; described nowhere. */
export function scriptRouteRoutes({ state, releases }: Services): Routes {
  const app = new Routes("replaces all routes of the Worker; described nowhere");

  app.get("/:script/routes", (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    return ok(c, routesOf(worker.name).map(shown));
  });
  app.put("/:script/routes", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const input = await jsonBody(c, z.array(ScriptRoute), INVALID_INPUT.workers);
    const former = routesOf(worker.name);
    const wanted = input.map(({ pattern, ...zone }) => {
      const known = former.find((route) => route.pattern === pattern);
      const route = checked(state, { pattern, script: worker.name }, zoneOfPattern(pattern, zone), known?.id);
      return { id: known?.id ?? hexId(), ...route };
    });
    state.transaction(() => {
      for (const { id } of former) state.routes.delete(id);
      for (const route of wanted) state.routes.put(route.id, route);
    });
    releases.updateEdge();
    return ok(c, wanted.map(shown));
  });
  return app;

  function routesOf(name: string): RouteDoc[] {
    return state.routes.list().filter(({ script }) => script === name);
  }

  function zoneOfPattern(pattern: string, zone: Pick<ScriptRoute, "zone_id" | "zone_name">): ZoneDoc {
    const parts = readPattern(pattern);
    if (!parts) throw errors.routePattern(notUnderstood(pattern));
    return zoneFor({ hostname: hostOf(parts), ...zone }, state);
  }
}

/** The route as it is kept, without its id. @param own the route that it replaces, which may have the same pattern */
function checked(state: State, { pattern, script }: Route, zone: ZoneDoc, own?: string): Omit<RouteDoc, "id"> {
  const parts = readPattern(pattern);
  if (!parts) throw errors.routePattern(notUnderstood(pattern));
  if (!isInZone(hostOf(parts), zone)) throw errors.routePattern(`Route pattern must include zone name: ${zone.name}`);
  if (state.routes.find((other) => other.pattern === pattern && other.id !== own)) throw errors.routeExists();
  if (script && !state.workers.find(({ name }) => name === script)) throw errors.routeScript();
  return { zoneId: zone.id, pattern, ...(script ? { script } : {}) };
}

const notUnderstood = (pattern: string): string =>
  `Could not understand route pattern ${pattern}, please try a different pattern`;

const shown = ({ id, pattern, script }: RouteDoc) => ({ id, pattern, ...(script === undefined ? {} : { script }) });
