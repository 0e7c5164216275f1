/** Workers by their script name: list, deletion, settings, schedules, workers.dev address. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { shownBinding } from "../../workers/bindings";
import { readCron } from "../../workers/cron";
import { liveDeployment, mainVersion } from "../../workers/releases";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { versionsOf } from "../../workers/uploads";
import { findScript, findWorker } from "./find";
import { removeWorker } from "./remove";
import { ScriptSettings, shownScriptSettings, withScriptSettings } from "./settings";
import { common, summary } from "./shownScript";

const Schedules = z.array(z.object({ cron: z.string() })).max(50);
const Subdomain = z.object({ enabled: z.boolean(), previews_enabled: z.boolean().optional() });

export function scriptRoutes(services: Services): Routes {
  const { state, releases, now } = services;
  const app = new Routes(
    "`settings` is read only; the edge serves a Worker while its subdomain is enabled. Schedules fire at their minute (UTC, Sunday is 1); what was missed while the cloud did not run is lost; nothing is started for code without the word `scheduled`",
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

  app.get("/:script/settings", (c) => {
    const { worker, version: latest } = findScript(state, c.req.param("script"));
    const deployment = liveDeployment(state, worker.id);
    const version = deployment ? mainVersion(deployment, versionsOf(state, worker.id)) : latest;
    return ok(c, {
      ...common(worker, version),
      annotations: version.annotations,
      bindings: version.bindings.map((binding) => shownBinding(binding, worker.name, state)),
    });
  });

  app.get("/:script/script-settings", (c) =>
    ok(c, shownScriptSettings(findWorker(state, c.req.param("script")).settings)),
  );
  app.patch("/:script/script-settings", async (c) => {
    const input = await jsonBody(c, ScriptSettings, INVALID_INPUT.workers);
    const worker = findWorker(state, c.req.param("script"));
    const settings = withScriptSettings(worker.settings, input);
    state.workers.put(worker.id, { ...worker, settings, updatedOn: now().toISOString() });
    return ok(c, shownScriptSettings(settings));
  });

  app.get("/:script/schedules", (c) => ok(c, { schedules: findWorker(state, c.req.param("script")).schedules }));
  app.put("/:script/schedules", async (c) => {
    const input = await jsonBody(c, Schedules, INVALID_INPUT.workers);
    const worker = findWorker(state, c.req.param("script"));
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
