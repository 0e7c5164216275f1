import { z } from "zod";
import { NotReadyError } from "../errors";
import { type Context, defineResource } from "../resource";
import {
  type Application,
  configurationOf,
  InstanceType,
  instanceTypeOf,
  type Place,
  resize,
} from "../rollout/application";
import { findApplication, liveApplication, makeApplication, removeApplication } from "../rollout/lifecycle";
import { Verification } from "../rollout/members";
import { describeFailure } from "../rollout/report";
import { startRollout, stepsFor } from "../rollout/rollouts";
import { verifyChange, verifyNew } from "../rollout/verified";

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the application is in."),
  name: z.string().min(1).describe("Its name; another one replaces it."),
  namespaceId: z.string().min(1).describe("Namespace of the Durable Object class that the containers belong to."),
  image: z.string().min(1).describe("`registry.cloudflare.com/{account}/{repository}@sha256:{hex}`."),
  instanceType: InstanceType.describe("Size of each container."),
  maxInstances: z.number().int().min(1).describe("Containers that may run at once."),
  verification: Verification.optional().describe(
    "How to see that every member of the pool runs the image. Without it nobody is asked.",
  ),
});
const Outputs = z.object({
  applicationId: z.string().describe("Its id."),
  verifiedBuildId: z.string().optional().describe("The build that all members answered when they were last asked."),
});
export type ContainerApplicationInputs = z.infer<typeof Inputs>;
export type ContainerApplicationOutputs = z.infer<typeof Outputs>;
type State = ContainerApplicationInputs & ContainerApplicationOutputs;

/**
 * A container application of the scheduling policy `default`: an image, run for the objects of one class. With
 * `verification`, an update is done when every member of the pool answers with the new build; when they do not in time, the
 * former image comes back and the update fails. A create has nothing to return to: the application stays, not ready.
 */
export const containerApplication = defineResource<ContainerApplicationInputs, ContainerApplicationOutputs>({
  description: "A container application: the image that runs for each object of a Durable Object class.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "name", "namespaceId"],
  stable: ["applicationId"],
  // A namespace takes one application, and an application made under the old one's name would be the old one.
  deleteBeforeReplace: true,
  importId: "{accountId}/{applicationId}",
  // How a rollout is watched is no reason for one.
  silent: ["verification"],

  async create(context, inputs) {
    const { id } = await makeApplication(context, inputs);
    return { id, outputs: { applicationId: id, ...(await verified(context, id, inputs)) } };
  },

  async find(context, inputs) {
    const made = await findApplication(context, inputs);
    return made && { id: made.id, outputs: { applicationId: made.id } };
  },

  async import(context, id) {
    const [accountId = "", applicationId = ""] = id.split("/");
    const place = { accountId, id: applicationId };
    const live = await liveApplication(context, place);
    return live && { id: applicationId, state: stateOf(place, live, {}) };
  },

  async read(context, id, state) {
    const place = { accountId: state.accountId, id };
    const live = await liveApplication(context, place);
    return live && stateOf(place, live, state);
  },

  async update(context, id, olds, news) {
    const place = { accountId: news.accountId, id };
    const { verification } = news;
    const { verifiedBuildId: fromBuild } = olds;
    const isSameInside = news.image === olds.image && news.instanceType === olds.instanceType;
    const isSame = isSameInside && news.maxInstances === olds.maxInstances;
    // Called without a change, it was not ready the last time.
    if (isSame) return { applicationId: id, ...(await verified(context, id, news)) };

    if (news.maxInstances !== olds.maxInstances) await resize(context, place, news.maxInstances);
    // What runs inside changes only by a rollout.
    const steps = stepsFor(news.maxInstances);
    const started = isSameInside ? {} : await startRollout(context, place, configurationOf(news), steps);
    if (!verification) {
      return { applicationId: id, ...(isSameInside && fromBuild !== undefined ? { verifiedBuildId: fromBuild } : {}) };
    }
    const change = { name: news.name, place, from: olds, fromBuild, to: news, started };
    return { applicationId: id, verifiedBuildId: await verifyChange(context, verification, change) };
  },

  async delete(context, id, state) {
    await removeApplication(context, { accountId: state.accountId, id });
  },
});

/** What the members answer, if they are to be asked. @throws NotReadyError when they do not in time: the application is there. */
async function verified(
  context: Context,
  id: string,
  { name, verification }: ContainerApplicationInputs,
): Promise<{ verifiedBuildId?: string }> {
  if (!verification) return {};
  let reason: string;
  try {
    const verdict = await verifyNew(context, verification);
    if (verdict.ok) return { verifiedBuildId: verdict.buildId };
    reason = describeFailure(name, verification, verdict);
  } catch (error) {
    reason = `Nobody waits any more for ${name}: ${(error as Error).message}. The next deployment looks again.`;
  }
  throw new NotReadyError(id, { applicationId: id }, [reason]);
}

/** The state that what is live stands for, with what the API does not tell from the state before. */
function stateOf(place: Place, live: Application, state: Partial<State>): State {
  const image = live.configuration.image ?? state.image ?? "";
  const { verification, verifiedBuildId } = state;
  return {
    accountId: place.accountId,
    name: live.name,
    namespaceId: live.durable_objects?.namespace_id ?? state.namespaceId ?? "",
    image,
    instanceType: instanceTypeOf(live.configuration) ?? state.instanceType ?? "lite",
    maxInstances: live.max_instances,
    ...(verification === undefined ? {} : { verification }),
    applicationId: place.id,
    ...(verifiedBuildId === undefined || image !== state.image ? {} : { verifiedBuildId }),
  };
}
