import { statusOf } from "../../containers/rollouts";
import type { Host } from "../../host";
import type { RolloutDoc, State } from "../../state/model";
import { healthOf } from "./health";

/** A rollout as the API shows it, with what its application runs at the moment. */
export function shownRollout(rollout: RolloutDoc, state: State, host: Host) {
  const namespaceId = state.applications.get(rollout.applicationId)?.namespaceId;
  const health = healthOf(host, namespaceId);
  const status = statusOf(rollout);
  const { step, settled, reverting, startedAt, updatedAt } = rollout.progress ?? {
    step: rollout.steps.length,
    settled: true,
    reverting: false,
    startedAt: rollout.createdAt,
    updatedAt: rollout.createdAt,
  };
  const target = status === "reverted" || status === "replaced" ? 0 : (rollout.steps[step - 1]?.percentage ?? 0);
  const running = health.instances.active;
  const updated = host.instances(namespaceId ?? "").filter(({ image }) => image === rollout.targetConfiguration.image);
  return {
    id: rollout.id,
    created_at: rollout.createdAt,
    last_updated_at: updatedAt,
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    description: rollout.description,
    kind: rollout.kind,
    strategy: rollout.strategy,
    status,
    health,
    current_version: rollout.currentVersion,
    target_version: rollout.targetVersion,
    current_configuration: rollout.currentConfiguration,
    target_configuration: rollout.targetConfiguration,
    version_distribution: { current_version_percentage: 100 - target, target_version_percentage: target },
    steps: rollout.steps.map(({ percentage, description }, index) => ({
      id: index + 1,
      status: stepStatus(index + 1),
      step_size: { percentage },
      description,
    })),
    progress: {
      total_steps: rollout.steps.length,
      current_step: step,
      updated_instances: updated.length,
      total_instances: running,
    },
  };

  function stepStatus(id: number) {
    if (status === "reverted") return "reverted";
    if (reverting) return "reverting";
    if (id < step || (id === step && settled)) return "completed";
    return id === step ? "progressing" : "pending";
  }
}
