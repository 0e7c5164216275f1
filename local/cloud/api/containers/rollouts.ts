/** Containers: rollouts, by which an application's image or size changes. `containers/rollouts.ts` carries them out. */
import type { Context } from "hono";
import { z } from "zod";
import { activeRollout, statusOf } from "../../containers/rollouts";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { uuid } from "../../state/ids";
import type { ActiveRollout, ApplicationDoc, RolloutDoc } from "../../state/model";
import { containerError } from "../../refusals";
import { jsonOrNothing } from "../body";
import { ok } from "../envelope";
import { findApplication, findImage, saveApplication } from "./applications";
import { checkLimits, Configuration, containerInput, RolloutInput } from "./configuration";
import { shownRollout } from "./shownRollout";

const Action = z.object({ action: z.enum(["next", "previous", "revert"]) });
type Action = z.infer<typeof Action>["action"];

export function rolloutRoutes(services: Services): Routes {
  const { state, releases, rollouts, host, now } = services;
  const app = new Routes(
    "running containers are stopped share by share (SIGTERM, SIGKILL after 10 s; Cloudflare gives 15 minutes) and start from the new image when next they are asked; the share of an object follows from its id. `full_auto` goes on by itself, whatever the health; `full_manual` by `next`, `previous`; `revert`; a newer rollout replaces it. A deletion is refused while it is progressing",
  );
  const shown = (rollout: RolloutDoc) => shownRollout(rollout, state, host);

  app.post("/:application/rollouts", async (c) => {
    const input = containerInput(RolloutInput, jsonOrNothing(await c.req.text()));
    const rollout = await releases.exclusively(() => accept(findApplication(state, c), input));
    rollouts.begin(rollout.id);
    return ok(c, shown(rollout), { status: 201 });
  });
  app.get("/:application/rollouts", (c) => ok(c, rolloutsOf(findApplication(state, c)).map(shown)));
  app.get("/:application/rollouts/:rollout", (c) => ok(c, shown(find(c))));
  app.post("/:application/rollouts/:rollout", async (c) => {
    const { action } = containerInput(Action, jsonOrNothing(await c.req.text()));
    const rollout = await releases.exclusively(async () => {
      const changed = progressed(underWay(find(c)), action, now());
      state.rollouts.put(changed.id, changed);
      return changed;
    });
    rollouts.begin(rollout.id);
    return ok(c, { success: true, message: `Rollout ${rollout.id}: ${action}`, rollout: shown(rollout) });
  });
  app.delete("/:application/rollouts/:rollout", (c) =>
    releases.exclusively(async () => {
      const rollout = find(c);
      if (statusOf(rollout) === "progressing") throw refused(rollout, "is progressing: revert it first");
      state.transaction(() => {
        const active = activeRollout(state, rollout.id);
        if (active) {
          const { next: _next, ...rest } = active.application;
          state.applications.put(rest.id, { ...rest, configuration: rollout.currentConfiguration });
        }
        state.rollouts.delete(rollout.id);
      });
      return ok(c, { message: `Rollout ${rollout.id} was deleted` });
    }),
  );
  return app;

  /** Keeps a rollout that has not begun yet; one that is under way is replaced by it. */
  async function accept(application: ApplicationDoc, input: z.output<typeof RolloutInput>): Promise<RolloutDoc> {
    const target = containerInput(Configuration, { ...application.configuration, ...input.target_configuration });
    checkLimits(target, application.maxInstances);
    const manifest = await findImage(services, target.image);
    const at = now().toISOString();
    const former = application.next && activeRollout(state, application.next.rolloutId)?.rollout;
    const rollout: RolloutDoc = {
      id: uuid(),
      applicationId: application.id,
      createdAt: at,
      progress: { status: "pending", step: 0, settled: true, reverting: false, updatedAt: at },
      description: input.description,
      strategy: input.strategy,
      kind: input.kind,
      steps: stepsOf(input),
      currentVersion: application.version,
      targetVersion: Math.max(application.version, former?.targetVersion ?? 0) + 1,
      currentConfiguration: application.running,
      targetConfiguration: target,
    };
    const next = {
      rolloutId: rollout.id,
      version: rollout.targetVersion,
      configuration: target,
      manifest,
      percentage: 0,
    };
    await saveApplication(services, { ...application, updatedAt: at, configuration: target, next });
    state.transaction(() => {
      if (former)
        state.rollouts.put(former.id, {
          ...former,
          progress: { ...former.progress, status: "replaced", updatedAt: at },
        });
      state.rollouts.put(rollout.id, rollout);
    });
    return rollout;
  }

  /** Newest first. */
  function rolloutsOf({ id }: ApplicationDoc): RolloutDoc[] {
    return state.rollouts
      .list()
      .filter(({ applicationId }) => applicationId === id)
      .toReversed();
  }

  function find(c: Context): RolloutDoc {
    const id = c.req.param("rollout");
    const rollout = rolloutsOf(findApplication(state, c)).find((one) => one.id === id);
    if (!rollout) throw containerError(404, "ROLLOUT_NOT_FOUND", { id });
    return rollout;
  }

  function underWay(rollout: RolloutDoc): ActiveRollout {
    const active = activeRollout(state, rollout.id)?.rollout;
    if (!active) throw refused(rollout, `is ${statusOf(rollout)}: only one that is under way can be moved`);
    return active;
  }
}

/** The rollout with what an action asks of it. */
function progressed(rollout: ActiveRollout, action: Action, now: Date): ActiveRollout {
  const { progress, steps } = rollout;
  if (progress.reverting) throw refused(rollout, "is being reverted already");
  const step = progress.step + { next: 1, previous: -1, revert: 0 }[action];
  if (step < 0 || step > steps.length) throw refused(rollout, `has no ${action} step`);
  const updatedAt = now.toISOString();
  return { ...rollout, progress: { ...progress, step, settled: false, reverting: action === "revert", updatedAt } };
}

const refused = ({ id }: RolloutDoc, problem: string) =>
  containerError(400, "VALIDATE_INPUT", { message: `Rollout ${id} ${problem}` });

function stepsOf(input: z.output<typeof RolloutInput>): RolloutDoc["steps"] {
  if (input.steps?.length) return input.steps.map(({ step_size, description }) => ({ ...step_size, description }));
  const size = input.step_percentage ?? 100;
  const count = 100 / size;
  return Array.from({ length: count }, (_, index) => ({
    percentage: size * (index + 1),
    description: `Step ${index + 1} of ${count} - rollout at ${size * (index + 1)}% of instances`,
  }));
}
