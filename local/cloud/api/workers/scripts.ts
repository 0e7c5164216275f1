/** Workers by their script name: list, search, deletion, schedules, workers.dev address. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { readCron } from "../../workers/cron";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { versionsOf } from "../../workers/uploads";
import { findWorker } from "./find";
import { removeWorker } from "./remove";
import { summary } from "./shownScript";

const Schedules = z.array(z.object({ cron: z.string() }));
/** developers.cloudflare.com/workers/platform/limits: of all Workers of an account, on the paid plan. */
const MAX_CRONS = 250;
const Subdomain = z.object({ enabled: z.boolean(), previews_enabled: z.boolean().optional() });

export function scriptRoutes(services: Services): Routes {
  const { state, releases, now } = services;
  const app = new Routes(
    "the edge serves a Worker while its subdomain is enabled. Schedules fire at their minute (UTC, Sunday is 1); what was missed while the cloud did not run is lost; nothing is started for code without the word `scheduled`",
  );

  app.get("/", (c) => {
    const uploaded = state.workers.list().flatMap((worker) => {
      const version = versionsOf(state, worker.id)[0];
      return version ? [summary(worker, version)] : [];
    });
    return ok(c, uploaded);
  });
  app.delete("/:script", async (c) => {
    await removeWorker(services, findWorker(state, c.req.param("script")), c.req.query("force") === "true");
    return ok(c, null);
  });

  app.get("/:script/schedules", (c) => ok(c, { schedules: findWorker(state, c.req.param("script")).schedules }));
  app.put("/:script/schedules", async (c) => {
    const input = await jsonBody(c, Schedules, INVALID_INPUT.workers);
    const worker = findWorker(state, c.req.param("script"));
    const others = state.workers.list().filter(({ id }) => id !== worker.id);
    const total = others.reduce((sum, one) => sum + one.schedules.length, input.length);
    if (input.length > 0 && total > MAX_CRONS) throw errors.crons(MAX_CRONS);
    const at = now().toISOString();
    const schedules = input.map(({ cron }) => {
      if (!readCron(cron)) throw errors.cron(cron);
      const known = worker.schedules.find((schedule) => schedule.cron === cron);
      return { cron, created_on: known?.created_on ?? at, modified_on: at };
    });
    state.workers.put(worker.id, { ...worker, schedules });
    return ok(c, { schedules });
  });

  app.get("/:script/subdomain", (c) => ok(c, findWorker(state, c.req.param("script")).settings.subdomain));
  app.post("/:script/subdomain", async (c) => {
    const input = await jsonBody(c, Subdomain, INVALID_INPUT.workers);
    return ok(c, setSubdomain(c.req.param("script"), input.enabled, input.previews_enabled));
  });
  app.delete("/:script/subdomain", (c) => ok(c, setSubdomain(c.req.param("script"), false, false)));
  return app;

  function setSubdomain(script: string, enabled: boolean, previews?: boolean) {
    const worker = findWorker(state, script);
    const subdomain = { enabled, previews_enabled: previews ?? worker.settings.subdomain.previews_enabled };
    state.workers.put(worker.id, { ...worker, settings: { ...worker.settings, subdomain } });
    releases.updateEdge();
    return subdomain;
  }
}
