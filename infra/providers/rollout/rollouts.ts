import { CloudflareError } from "../../cloudflare";
import type { Context } from "../context";
import {
  type Application,
  applicationPath,
  type Configuration,
  getApplication,
  isUnknown,
  type LiveConfiguration,
  type Place,
  runs,
} from "./application";

/** What of a rollout's answer is read. */
export interface Rollout {
  readonly id: string;
  readonly status?: string;
  readonly target_version?: number;
  readonly target_configuration?: LiveConfiguration;
}

/** A rollout that is on its way or done. Without an id nobody knows which it is, or none was needed. */
export interface Started {
  readonly rolloutId?: string;
}

/** How far a rollout is. `undone`: it was reverted, or another one took its place. `unknown`: the API did not say. */
export type Progress = "running" | "over" | "undone" | "unknown";

/** From this many containers on, a tenth of them goes first: the plan that wrangler makes. */
const SMALLEST_STEPPED = 2;

/** The steps of a rollout, percent of the instances. */
export const stepsFor = (maxInstances: number): number[] => (maxInstances < SMALLEST_STEPPED ? [100] : [10, 100]);

/**
 * Brings a configuration to an application's containers. Starts nothing where it runs already or is on its way there, as
 * after an `up` that was interrupted. A lost answer is resolved by reading back, so that no rollout is started twice.
 * @param steps percent of the instances, ascending to 100.
 */
export async function startRollout(
  context: Context,
  place: Place,
  target: Configuration,
  steps: readonly number[],
): Promise<Started> {
  const before = await getApplication(context, place);
  if (before.active_rollout_id) {
    const active = await getRollout(context, place, before.active_rollout_id).catch(() => undefined);
    if (active && runs(active.target_configuration, target)) return { rolloutId: active.id };
  } else if (runs(before.configuration, target)) return {};

  const body = {
    description: "Progressive update",
    strategy: "rolling",
    kind: "full_auto",
    steps: steps.map((percentage, index) => ({
      step_size: { percentage },
      description: `Step ${index + 1} of ${steps.length} - rollout at ${percentage}% of instances`,
    })),
    target_configuration: target,
  };
  try {
    const { id } = await context.api<Rollout>("POST", `${applicationPath(place)}/rollouts`, body);
    return { rolloutId: id };
  } catch (error) {
    const found = isUnknown(error)
      ? await findStarted(context, place, before, target).catch(() => undefined) // the first error says more
      : undefined;
    if (found) return found;
    throw error;
  }
}

/** How far a rollout to `target` is. Never throws: a failed look says nothing about the rollout. */
export async function progressOf(
  context: Context,
  place: Place,
  { rolloutId }: Started,
  target: Configuration,
): Promise<Progress> {
  try {
    const rollout = rolloutId === undefined ? undefined : await getRollout(context, place, rolloutId);
    if (rollout?.status !== undefined) return BY_STATUS[rollout.status] ?? "unknown";
    // The public description of the API has no way to read a rollout: the application tells as much as we need.
    const { active_rollout_id: active, configuration } = await getApplication(context, place);
    if (!active) return runs(configuration, target) ? "over" : "unknown";
    return rolloutId === undefined || active === rolloutId ? "running" : "undone";
  } catch {
    return "unknown";
  }
}

/**
 * Takes a rollout back, so that `former` runs again: stops it where it is still going on and the API can do that, else rolls
 * `former` out at once. Answers with the rollout that brings `former`, without an id where it is the stopped one.
 * @throws CloudflareError when Cloudflare refuses, or does not answer and did not do it either.
 */
export async function takeBack(
  context: Context,
  place: Place,
  started: Started,
  target: Configuration,
  former: Configuration,
): Promise<Started> {
  const { rolloutId } = started;
  if (rolloutId !== undefined && (await progressOf(context, place, started, target)) === "running") {
    // Not there, refused, or nobody knows: a rollout to what ran before takes its place and comes to the same.
    if (await revert(context, place, rolloutId).catch(() => false)) return {};
  }
  return startRollout(context, place, former, [100]);
}

/** Stops a rollout and takes back what it did. Answers true; a refusal is an error. */
export async function revert({ api }: Context, place: Place, rolloutId: string): Promise<true> {
  await api("POST", `${applicationPath(place)}/rollouts/${rolloutId}`, { action: "revert" });
  return true;
}

const BY_STATUS: Readonly<Record<string, Progress>> = {
  pending: "running",
  progressing: "running",
  completed: "over",
  reverted: "undone",
  replaced: "undone",
};

/** Statuses of an API that does not have the route. */
const NO_ROUTE = new Set([404, 405, 501]);
const isMissing = (error: unknown): boolean => error instanceof CloudflareError && NO_ROUTE.has(error.status);

/** Undefined where the API has no such rollout, or no route to it. */
async function getRollout({ api }: Context, place: Place, id: string): Promise<Rollout | undefined> {
  try {
    return await api<Rollout>("GET", `${applicationPath(place)}/rollouts/${id}`);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** After a lost answer: the rollout to `target` that was not there before, if the request did get through. */
async function findStarted(
  context: Context,
  place: Place,
  before: Application,
  target: Configuration,
): Promise<Started | undefined> {
  const after = await getApplication(context, place);
  const { active_rollout_id: active, version = 0 } = after;
  if (active && active !== before.active_rollout_id) return { rolloutId: active };
  const listed = await context.api<Rollout[]>("GET", `${applicationPath(place)}/rollouts`).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const made = listed.find(
    (rollout) => (rollout.target_version ?? 0) > (before.version ?? 0) && runs(rollout.target_configuration, target),
  );
  if (made) return { rolloutId: made.id };
  return version > (before.version ?? 0) && runs(after.configuration, target) ? {} : undefined;
}
