/** Workers by their script name: list, deletion, settings, schedules, workers.dev address. */
import { Hono } from "hono";
import { z } from "zod";
import type { Services } from "../../services";
import type { VersionDoc, WorkerDoc } from "../../state/model";
import { shownBinding } from "../../workers/bindings";
import { readCron } from "../../workers/cron";
import { liveDeployment, mainVersion } from "../../workers/releases";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { findScript, findWorker, versionsOf } from "./find";
import { removeWorker } from "./remove";

const Schedules = z.array(z.object({ cron: z.string() })).max(50);
const Subdomain = z.object({ enabled: z.boolean(), previews_enabled: z.boolean().optional() });

export function scriptRoutes(services: Services): Hono {
  const { state, releases, now } = services;
  const app = new Hono();

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

const common = (worker: WorkerDoc, version: VersionDoc) => ({
  compatibility_date: version.compatibilityDate,
  compatibility_flags: version.compatibilityFlags,
  logpush: worker.settings.logpush,
  observability: worker.settings.observability,
  tags: worker.settings.tags,
  tail_consumers: worker.settings.tail_consumers,
  usage_model: version.kept["usage_model"],
  ...(worker.migrationTag ? { migration_tag: worker.migrationTag } : {}),
});

const summary = (worker: WorkerDoc, version: VersionDoc) => ({
  id: worker.name,
  tag: worker.id,
  created_on: worker.createdOn,
  modified_on: worker.updatedOn,
  has_assets: false,
  has_modules: true,
  last_deployed_from: "api",
  ...common(worker, version),
});
