/** Containers: rollouts, by which an application's image or size changes. They are complete as soon as they are accepted. */
import { Hono } from "hono";
import type { Services } from "../../services";
import { uuid } from "../../state/ids";
import type { ApplicationDoc, RolloutDoc } from "../../state/model";
import { ok } from "../envelope";
import { containerError, errors } from "../../refusals";
import { findApplication, findImage, saveApplication } from "./applications";
import { checkLimits, Configuration, containerInput, RolloutInput } from "./configuration";
import { healthOf } from "./health";

export function rolloutRoutes(services: Services): Hono {
  const { state, releases, host, now } = services;
  const app = new Hono();

  app.post("/:application/rollouts", async (c) => {
    const input = containerInput(RolloutInput, await c.req.json().catch(() => undefined));
    if (input.kind === "full_manual") throw errors.unsupported("rollouts of kind full_manual");
    return releases.exclusively(async () => {
      const application = findApplication(state, c);
      const target = containerInput(Configuration, { ...application.configuration, ...input.target_configuration });
      checkLimits(target, application.maxInstances);
      const at = now().toISOString();
      const changed: ApplicationDoc = {
        ...application,
        updatedAt: at,
        version: application.version + 1,
        configuration: target,
        running: target,
        runningManifest: await findImage(services, target.image),
      };
      const rollout: RolloutDoc = {
        id: uuid(),
        applicationId: application.id,
        createdAt: at,
        description: input.description,
        strategy: input.strategy,
        kind: input.kind,
        steps: stepsOf(input),
        currentVersion: application.version,
        targetVersion: changed.version,
        currentConfiguration: application.running,
        targetConfiguration: target,
      };
      await saveApplication(services, changed);
      state.rollouts.put(rollout.id, rollout);
      return ok(c, shown(rollout), { status: 201 });
    });
  });
  app.get("/:application/rollouts", (c) => ok(c, rolloutsOf(findApplication(state, c)).map(shown)));
  app.get("/:application/rollouts/:rollout", (c) => {
    const rollout = rolloutsOf(findApplication(state, c)).find(({ id }) => id === c.req.param("rollout"));
    if (!rollout) throw containerError(404, "ROLLOUT_NOT_FOUND", { id: c.req.param("rollout") });
    return ok(c, shown(rollout));
  });
  return app;

  /** Newest first. */
  function rolloutsOf({ id }: ApplicationDoc): RolloutDoc[] {
    return state.rollouts
      .list()
      .filter(({ applicationId }) => applicationId === id)
      .toReversed();
  }

  function shown(rollout: RolloutDoc) {
    const namespaceId = state.applications.get(rollout.applicationId)?.namespaceId;
    const health = healthOf(host, namespaceId);
    const running = health.instances.active;
    const total = rollout.steps.length;
    return {
      id: rollout.id,
      created_at: rollout.createdAt,
      last_updated_at: rollout.createdAt,
      description: rollout.description,
      kind: rollout.kind,
      strategy: rollout.strategy,
      status: "completed",
      health,
      current_version: rollout.currentVersion,
      target_version: rollout.targetVersion,
      current_configuration: rollout.currentConfiguration,
      target_configuration: rollout.targetConfiguration,
      version_distribution: { current_version_percentage: 0, target_version_percentage: 100 },
      steps: rollout.steps.map(({ percentage, description }, index) => ({
        id: index + 1,
        status: "completed",
        step_size: { percentage },
        description,
      })),
      progress: { total_steps: total, current_step: total, updated_instances: running, total_instances: running },
    };
  }
}

function stepsOf(input: ReturnType<typeof RolloutInput.parse>): RolloutDoc["steps"] {
  if (input.steps) return input.steps.map(({ step_size, description }) => ({ ...step_size, description }));
  const size = input.step_percentage ?? 100;
  const count = 100 / size;
  return Array.from({ length: count }, (_, index) => ({
    percentage: size * (index + 1),
    description: `Step ${index + 1} of ${count} - rollout at ${size * (index + 1)}% of instances`,
  }));
}
