/** Custom domains as wrangler sets them with a deployment; described nowhere. */
import { z } from "zod";
import { INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { attach, Origin, shownDomain, zoneFor } from "./domains";
import { findScript } from "./find";

export function scriptDomainRoutes(services: Services): Routes {
  const { state } = services;
  const app = new Routes("adds host names, and takes none away; described nowhere");

  app.put("/:script/domains/records", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const { origins } = await jsonBody(c, z.object({ origins: z.array(Origin) }), INVALID_INPUT.workers);
    return ok(c, attach(services, worker.name, origins));
  });
  /** What such a request would change: wrangler asks whoever sits before it. */
  app.post("/:script/domains/changeset", async (c) => {
    const { worker } = findScript(state, c.req.param("script"));
    const origins = await jsonBody(c, z.array(Origin), INVALID_INPUT.workers);
    for (const origin of origins) zoneFor(origin, state);
    const known = origins.flatMap(({ hostname }) => state.domains.find((domain) => domain.hostname === hostname) ?? []);
    const names = new Set(known.map(({ hostname }) => hostname));
    return ok(c, {
      added: origins.filter(({ hostname }) => !names.has(hostname)),
      removed: [],
      updated: known.map((domain) => ({ ...shownDomain(domain, state), modified: domain.service !== worker.name })),
      conflicting: [],
    });
  });
  return app;
}
