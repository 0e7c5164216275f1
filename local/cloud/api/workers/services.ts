/** What wrangler still asks of the API of "services", which came between scripts and Workers; it is described nowhere. */
import { errors } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { liveDeployment, namespacesOf } from "../../workers/releases";
import { versionsOf } from "../../workers/uploads";
import type { WorkerDoc } from "../../state/model";
import { ok, okPage } from "../envelope";
import { findWorker } from "./find";
import { referencesTo, removeWorker } from "./remove";
import { summary } from "./shownScript";

/** The one environment that is left. */
const ENVIRONMENT = "production";

const SEARCH_PAGE = { default: 10, max: 100 };

const searched = ({ id, name, createdOn, updatedOn }: WorkerDoc) => ({
  id,
  script_name: name,
  service_name: name,
  environment_name: ENVIRONMENT,
  environment_is_default: true,
  created_on: createdOn,
  modified_on: updatedOn,
});

export function serviceRoutes(services: Services): Routes {
  const { state } = services;
  const app = new Routes("as far as wrangler still asks of it; but for the search described nowhere");

  app.get("/services/:name", (c) => {
    const worker = find(c.req.param("name"));
    const version = versionsOf(state, worker.id)[0];
    if (!version) throw errors.serviceNotFound();
    const at = { created_on: worker.createdOn, modified_on: worker.updatedOn };
    const deployedFrom = liveDeployment(state, worker.id)?.source ?? "api";
    const script = { ...summary(worker, version), last_deployed_from: deployedFrom };
    const environment = { environment: ENVIRONMENT, ...at, script };
    return ok(c, { id: worker.name, ...at, default_environment: environment, environments: [environment] });
  });
  app.delete("/services/:name", async (c) => {
    await removeWorker(services, find(c.req.param("name")), c.req.query("force") === "true");
    return ok(c, null);
  });

  app.get("/scripts/:name/references", (c) => {
    const worker = findWorker(state, c.req.param("name"));
    const { services: callers, durableObjects } = referencesTo(state, worker);
    return ok(c, {
      services: {
        incoming: callers.map(({ name }) => ({ service: name, environment: ENVIRONMENT, name })),
        outgoing: [],
        pages_function: false,
      },
      durable_objects: durableObjects.flatMap((user) =>
        namespacesOf(state, worker.id).map(({ id, className }) => ({
          service: user.name,
          environment: ENVIRONMENT,
          name: user.name,
          durable_object_namespace_id: id,
          durable_object_namespace_name: `${worker.name}_${className}`,
        })),
      ),
      dispatch_outbounds: [],
    });
  });
  app.get("/scripts-search", (c) => {
    const { name, id, order_by } = c.req.query();
    const order = order_by === "created_on" || order_by === "modified_on" ? order_by : "script_name";
    const found = state.workers
      .list()
      .filter((worker) => versionsOf(state, worker.id).length > 0)
      .filter((worker) => (!name || worker.name.includes(name)) && (!id || worker.id === id))
      .map(searched)
      .toSorted((a, b) => a[order].localeCompare(b[order]));
    return okPage(c, found, SEARCH_PAGE, (one) => one);
  });
  app.get("/tails/by-consumer/:name", (c) => {
    const consumer = c.req.param("name");
    const producers = state.workers.list().filter(({ settings }) => {
      return settings.tail_consumers.some(({ name }) => name === consumer);
    });
    return ok(
      c,
      producers.map(({ name }) => ({ producer: { service: name, environment: ENVIRONMENT }, consumer })),
    );
  });
  return app;

  function find(name: string) {
    const worker = state.workers.find((one) => one.name === name);
    if (!worker) throw errors.serviceNotFound();
    return worker;
  }
}
