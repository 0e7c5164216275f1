/** Containers: applications, each for the Durable Object namespace of one class. */
import type { Context } from "hono";
import type { z } from "zod";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { uuid } from "../../state/ids";
import type { ApplicationDoc, NamespaceDoc, State } from "../../state/model";
import { hasContainer, liveDeployment } from "../../workers/releases";
import { jsonOrNothing } from "../body";
import { ok } from "../envelope";
import { containerError } from "../../refusals";
import { checkLimits, Configuration, containerInput, CreateInput, PatchInput } from "./configuration";
import { healthOf } from "./health";
import { tokenPage } from "./tokenPage";

/** All at once, unless fewer are asked for. */
const PAGE = { default: 1000, max: 1000 };

export function applicationRoutes(services: Services): Routes {
  const { state, releases, host, account, now } = services;
  const app = new Routes("policy `default` only; constraints and affinities are stored");

  app.get("/", (c) => {
    const { name, image } = c.req.query();
    const matching = state.applications
      .list()
      .filter((one) => (!name || one.name === name) && (!image || one.configuration.image === image));
    const { items, info } = tokenPage(c, matching, PAGE);
    return ok(c, items.map(shown), { info });
  });
  app.post("/", async (c) => {
    const input = containerInput(CreateInput, jsonOrNothing(await c.req.text()));
    return releases.exclusively(async () => {
      const namespace = namespaceFor(input.durable_objects);
      checkClass(namespace);
      checkLimits(input.configuration, input.max_instances);
      const at = now().toISOString();
      const application: ApplicationDoc = {
        id: uuid(),
        name: input.name,
        createdAt: at,
        updatedAt: at,
        version: 1,
        configuration: input.configuration,
        running: input.configuration,
        runningManifest: await findImage(services, input.configuration.image),
        instances: input.instances,
        maxInstances: input.max_instances,
        namespaceId: namespace.id,
        rolloutActiveGracePeriod: input.rollout_active_grace_period,
        ...keptSettings(input),
      };
      await saveApplication(services, application);
      return ok(c, shown(application), { status: 201 });
    });
  });
  app.get("/:application", (c) => ok(c, shown(findApplication(state, c))));
  app.patch("/:application", async (c) => {
    const input = containerInput(PatchInput, jsonOrNothing(await c.req.text()));
    return releases.exclusively(async () => {
      const application = findApplication(state, c);
      const configuration = containerInput(Configuration, { ...application.configuration, ...input.configuration });
      const changed: ApplicationDoc = {
        ...application,
        updatedAt: now().toISOString(),
        configuration,
        instances: input.instances ?? application.instances,
        maxInstances: input.max_instances ?? application.maxInstances,
        rolloutActiveGracePeriod: input.rollout_active_grace_period ?? application.rolloutActiveGracePeriod,
        ...keptSettings(input),
      };
      checkLimits(configuration, changed.maxInstances);
      await findImage(services, configuration.image);
      await saveApplication(services, changed);
      return ok(c, shown(changed));
    });
  });
  app.delete("/:application", (c) =>
    releases.exclusively(async () => {
      const { id, namespaceId } = findApplication(state, c);
      const workerId = state.namespaces.get(namespaceId)?.workerId;
      const others = state.applications.list().filter((one) => one.id !== id);
      if (workerId) await releases.declare(workerId, others);
      state.transaction(() => {
        state.applications.delete(id);
        for (const rollout of state.rollouts.list()) {
          if (rollout.applicationId === id) state.rollouts.delete(rollout.id);
        }
      });
      return ok(c, { message: `Application ${id} was deleted` });
    }),
  );

  app.get("/:application/versions", (c) => {
    const { version, running, next } = findApplication(state, c);
    const current = { version, percentage: 100 - (next?.percentage ?? 0), configuration: running };
    const coming = next && { version: next.version, percentage: next.percentage, configuration: next.configuration };
    return ok(c, coming ? [current, coming] : [current]);
  });
  app.get("/:application/instances", (c) => ok(c, { instances: instances(findApplication(state, c)) }, { info: {} }));
  app.get("/:application/instances-v2", (c) => {
    const { items, info } = tokenPage(c, instances(findApplication(state, c)), PAGE);
    return ok(c, items, { info });
  });
  app.get("/:application/instances/:instance", (c) => {
    const instance = instances(findApplication(state, c)).find(({ id }) => id === c.req.param("instance"));
    if (!instance) throw containerError(404, "INSTANCE_NOT_FOUND", { id: c.req.param("instance") });
    return ok(c, instance);
  });
  return app;

  function namespaceFor(given: z.output<typeof CreateInput>["durable_objects"]): NamespaceDoc {
    const namespace =
      "namespace_id" in given
        ? state.namespaces.get(given.namespace_id)
        : state.namespaces.find(
            ({ workerId, className }) =>
              className === given.class_name && state.workers.get(workerId)?.name === given.script_name,
          );
    if (!namespace) throw containerError(404, "DURABLE_OBJECT_NOT_FOUND", { ...given });
    return namespace;
  }

  /** The deployed version has to declare a container for the class, and the class must have no other application. */
  function checkClass({ id, workerId, className }: NamespaceDoc): void {
    const deployed = liveDeployment(state, workerId)?.versions ?? [];
    const enabled = deployed.some(({ version_id }) => {
      const version = state.versions.get(version_id);
      return version && hasContainer(version, className);
    });
    if (!enabled) throw containerError(400, "DURABLE_OBJECT_NOT_CONTAINER_ENABLED", { namespace_id: id });
    const other = state.applications.find((one) => one.namespaceId === id);
    if (other) {
      throw containerError(400, "DURABLE_OBJECT_ALREADY_HAS_APPLICATION", { name: other.name, id: other.id });
    }
  }

  function instances(application: ApplicationDoc) {
    return host.instances(application.namespaceId).map(({ id, name, image, state: status, startedAt }) => ({
      id,
      name,
      application_id: application.id,
      image,
      created_at: startedAt,
      status: { state: INSTANCE_STATES.has(status) ? status : "unknown", updated_at: startedAt },
    }));
  }

  function shown(application: ApplicationDoc) {
    const { namespaceId, maxInstances } = application;
    return {
      id: application.id,
      account_id: account.id,
      name: application.name,
      version: application.version,
      created_at: application.createdAt,
      updated_at: application.updatedAt,
      scheduling_policy: "default",
      instances: application.instances,
      max_instances: maxInstances,
      configuration: application.configuration,
      durable_objects: { namespace_id: namespaceId },
      ...(application.next ? { active_rollout_id: application.next.rolloutId } : {}),
      rollout_active_grace_period: application.rolloutActiveGracePeriod,
      health: healthOf(host, namespaceId),
      ...keptSettings(application),
    };
  }
}

/** The states that Cloudflare names. */
const INSTANCE_STATES = new Set(["provisioning", "running", "failed", "stopping", "stopped", "unhealthy", "inactive"]);

type KeptSettings = Pick<ApplicationDoc, "constraints" | "affinities" | "observability">;

/** Settings that have no effect here, as far as they were given. */
function keptSettings({ constraints, affinities, observability }: KeptSettings): KeptSettings {
  return {
    ...(constraints === undefined ? {} : { constraints }),
    ...(affinities === undefined ? {} : { affinities }),
    ...(observability === undefined ? {} : { observability }),
  };
}

export function findApplication(state: State, c: Context): ApplicationDoc {
  const id = c.req.param("application") ?? "";
  const application = state.applications.get(id);
  if (!application) throw containerError(404, "APPLICATION_NOT_FOUND", { id });
  return application;
}

/** Digest of the image's manifest, or the refusal that the registry has none. */
export async function findImage({ images }: Services, image: string): Promise<string> {
  const sha256 = await images.find(image);
  if (!sha256) throw containerError(400, "IMAGE_REGISTRY_DOESNT_CONTAIN_IMAGE", { image });
  return sha256;
}

/** Tells the host first, then keeps the application; within `releases.exclusively`. */
export async function saveApplication({ state, releases }: Services, application: ApplicationDoc): Promise<void> {
  const others = state.applications.list().filter(({ id }) => id !== application.id);
  const workerId = state.namespaces.get(application.namespaceId)?.workerId;
  if (workerId) await releases.declare(workerId, [...others, application]);
  state.applications.put(application.id, application);
}
