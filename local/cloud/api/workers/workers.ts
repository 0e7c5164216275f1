/** Workers: the lasting part, under which versions and deployments hang. */
import { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId } from "../../state/ids";
import type { WorkerDoc } from "../../state/model";
import { namespacesOf } from "../../workers/releases";
import { jsonBody } from "../body";
import { checked } from "../../validation";
import { ok, okPage } from "../envelope";
import { mergePatch } from "../mergePatch";
import { errors, INVALID_INPUT } from "../../refusals";
import { edgeDomain } from "./edgeDomain";
import { findWorker } from "./find";
import { referencesTo, removeWorker } from "./remove";
import { wholeObservability, WorkerInput } from "./settings";

const PAGE = { default: 10, max: 100 };

export function workerRoutes(services: Services): Routes {
  const { state, releases, now } = services;
  const app = new Routes(
    "all but renaming (501); observability, tags, logpush and tail consumers are stored without an effect",
  );

  app.get("/", (c) => {
    const orders = {
      name: "name",
      created_on: "createdOn",
      updated_on: "updatedOn",
      deployed_on: "deployedOn",
    } as const;
    const key = orders[c.req.query("order_by") as keyof typeof orders] ?? "createdOn";
    const sign = c.req.query("order") === "asc" ? 1 : -1;
    const all = state.workers.list().toSorted((a, b) => sign * (a[key] ?? "").localeCompare(b[key] ?? ""));
    return okPage(c, all, PAGE, shown);
  });
  app.post("/", async (c) => {
    const input = await jsonBody(c, WorkerInput, INVALID_INPUT.workers);
    if (state.workers.find(({ name }) => name === input.name)) throw errors.workerExists(input.name);
    const at = now().toISOString();
    const worker: WorkerDoc = {
      id: hexId(),
      name: input.name,
      createdOn: at,
      updatedOn: at,
      settings: settingsOf(input),
      lastVersionNumber: 0,
      schedules: [],
    };
    state.workers.put(worker.id, worker);
    return ok(c, shown(worker));
  });
  app.get("/:worker", (c) => ok(c, shown(findWorker(state, c.req.param("worker")))));
  app.put("/:worker", async (c) => {
    const input = await jsonBody(c, WorkerInput, INVALID_INPUT.workers);
    return ok(c, shown(update(findWorker(state, c.req.param("worker")), input)));
  });
  app.patch("/:worker", async (c) => {
    const patch = await jsonBody(c, z.record(z.string(), z.unknown()), INVALID_INPUT.workers);
    const worker = findWorker(state, c.req.param("worker"));
    const merged = mergePatch({ name: worker.name, ...worker.settings }, patch);
    return ok(c, shown(update(worker, checked(WorkerInput, merged, INVALID_INPUT.workers))));
  });
  app.delete("/:worker", async (c) => {
    await removeWorker(services, findWorker(state, c.req.param("worker")), false);
    return ok(c, null);
  });
  return app;

  function update(worker: WorkerDoc, input: z.output<typeof WorkerInput>): WorkerDoc {
    // The host keeps the data of Durable Objects under the Worker's name.
    if (input.name !== worker.name) throw errors.unsupported("the renaming of a Worker; delete it and create it anew");
    const changed = { ...worker, settings: settingsOf(input), updatedOn: now().toISOString() };
    state.workers.put(worker.id, changed);
    releases.updateEdge();
    return changed;
  }

  function shown(worker: WorkerDoc) {
    const { services: callers, durableObjects } = referencesTo(state, worker);
    const { subdomain, observability, ...settings } = worker.settings;
    const domain = edgeDomain(services);
    return {
      id: worker.id,
      name: worker.name,
      created_on: worker.createdOn,
      updated_on: worker.updatedOn,
      deployed_on: worker.deployedOn ?? null,
      ...settings,
      observability: wholeObservability(observability),
      subdomain: {
        ...subdomain,
        url: `http://${worker.name}.${domain}`,
        preview_url_suffix: `-${worker.name}.${domain}`,
      },
      references: {
        dispatch_namespace_outbounds: [],
        domains: state.domains
          .list()
          .filter(({ service }) => service === worker.name)
          .map(({ id, hostname, zoneId, certId }) => ({
            id,
            hostname,
            certificate_id: certId,
            zone_id: zoneId,
            zone_name: state.zones.get(zoneId)?.name ?? "",
          })),
        durable_objects: durableObjects.flatMap((user) =>
          namespacesOf(state, worker.id).map(({ id, className }) => ({
            namespace_id: id,
            namespace_name: `${worker.name}_${className}`,
            worker_id: user.id,
            worker_name: user.name,
          })),
        ),
        queues: [],
        workers: callers.map(({ id, name }) => ({ id, name })),
      },
    };
  }
}

const settingsOf = ({ name: _name, ...settings }: z.output<typeof WorkerInput>): WorkerDoc["settings"] => settings;
