import { z } from "zod";
import { CloudflareError, orNothing } from "../../cloudflare";
import { advise } from "../advise";
import { type Context, defineResource } from "../resource";
import { isSame, largestOf, previousOf, Share, sharesOf } from "../rollout/shares";

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the Worker is in."),
  scriptName: z.string().min(1).describe("The Worker's name."),
  versionId: z.string().min(1).describe("The version that is wanted."),
  percentage: z
    .number()
    .int()
    .min(0)
    .max(100)
    .describe("Its share of the requests, percent. 100 promotes it, 0 returns to the version before."),
});
const Outputs = z.object({
  deploymentId: z.string().describe("The live deployment."),
  versions: z.array(Share).describe("Who gets which share."),
  previousVersionId: z
    .string()
    .optional()
    .describe("The version that requests went to before, and where a share below 100 leaves the rest."),
});
export type WorkersDeploymentInputs = z.infer<typeof Inputs>;
export type WorkersDeploymentOutputs = z.infer<typeof Outputs>;
type State = WorkersDeploymentInputs & WorkersDeploymentOutputs;

interface Deployment {
  readonly id: string;
  readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
}

/** Secrets changed since the version was deployed (wrangler asks before it goes on). */
const SECRETS_CHANGED = 10220;
/** What Cloudflare answers to a deployment that cannot be; 401, 403, 404 and 429 are about something else. */
const REFUSALS = new Set([400, 409, 412, 422]);

/**
 * Which versions of a Worker get requests. The version before is read from what is live, so the program names the wanted one
 * only. Cloudflare keeps deployments with the Worker: there is nothing to delete.
 */
export const workersDeployment = defineResource<WorkersDeploymentInputs, WorkersDeploymentOutputs>({
  description: "Which version of a Worker gets which share of the requests.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "scriptName"],
  importId: "{accountId}/{scriptName}",

  async create(context, inputs) {
    return { id: `${inputs.accountId}/${inputs.scriptName}`, outputs: await deploy(context, inputs) };
  },
  async update(context, _id, olds, news) {
    return deploy(context, news, olds);
  },
  async read(context, _id, state) {
    const live = await liveDeployment(context, state);
    return live && stateOf(live, state);
  },
  async import(context, id) {
    const [accountId = "", scriptName = ""] = id.split("/");
    const live = await liveDeployment(context, { accountId, scriptName });
    return live && { id, state: stateOf(live, { accountId, scriptName }) };
  },
});

async function deploy(
  context: Context,
  inputs: WorkersDeploymentInputs,
  olds?: State,
): Promise<WorkersDeploymentOutputs> {
  const { versionId, percentage } = inputs;
  const live = await liveDeployment(context, inputs);
  const liveShares = sharesIn(live);
  const previous = previousOf(versionId, liveShares, olds);
  const versions = sharesOf(versionId, percentage, previous, liveShares);
  const outputs = (deploymentId: string): WorkersDeploymentOutputs => ({
    deploymentId,
    versions,
    ...(previous === undefined ? {} : { previousVersionId: previous }),
  });
  if (live && isSame(liveShares, versions)) return outputs(live.id);
  try {
    return outputs((await post(context, inputs, versions)).id);
  } catch (error) {
    if (!(error instanceof CloudflareError)) throw error;
    if (error.outcomeUnknown) {
      const after = await liveDeployment(context, inputs).catch(() => undefined); // the first error says more
      if (after && isSame(sharesIn(after), versions)) return outputs(after.id);
    }
    if (versions.length > 1 && REFUSALS.has(error.status)) {
      throw advise(
        error,
        `The version ${versionId} was to get ${percentage} % of the requests beside ${previous}. A version with Durable Object ` +
          "migrations cannot run beside another: deploy it at 100 % (worker.rollout), and go by steps again with the next one.",
      );
    }
    throw error;
  }
}

async function post(
  context: Context,
  inputs: WorkersDeploymentInputs,
  versions: readonly Share[],
): Promise<Deployment> {
  const shares = versions.map((share) => `${share.versionId.slice(0, 8)} at ${share.percentage} %`);
  const body = {
    strategy: "percentage",
    versions: versions.map((share) => ({ version_id: share.versionId, percentage: share.percentage })),
    annotations: { "workers/message": `WandStore: ${shares.join(", ")}` },
  };
  try {
    return await context.api<Deployment>("POST", pathOf(inputs), body);
  } catch (error) {
    if (!(error instanceof CloudflareError) || error.code !== SECRETS_CHANGED) throw error;
    // Our versions carry their own secrets: whoever asks for a former version asks for its secrets, too.
    return context.api<Deployment>("POST", `${pathOf(inputs)}?force=true`, body);
  }
}

const pathOf = ({ accountId, scriptName }: { accountId: string; scriptName: string }): string =>
  `/accounts/${accountId}/workers/scripts/${scriptName}/deployments`;

/** The newest deployment is the live one. Undefined before the first, and where there is no such Worker. */
async function liveDeployment(
  { api }: Context,
  worker: { accountId: string; scriptName: string },
): Promise<Deployment | undefined> {
  return (await orNothing(api<{ deployments: Deployment[] }>("GET", pathOf(worker))))?.deployments[0];
}

const sharesIn = (deployment: Deployment | undefined): Share[] =>
  (deployment?.versions ?? []).map(({ version_id: versionId, percentage }) => ({ versionId, percentage }));

/**
 * What is live, as a state. As long as it is what the state asked for, its inputs stay: a share of 0, and one that could not be
 * given for want of a former version, would else look like a change.
 */
function stateOf(live: Deployment, state: Partial<State> & Pick<State, "accountId" | "scriptName">): State {
  const { accountId, scriptName, previousVersionId } = state;
  const versions = sharesIn(live);
  const outputs = {
    deploymentId: live.id,
    versions,
    ...(previousVersionId === undefined ? {} : { previousVersionId }),
  };
  const largest = largestOf(versions) ?? { versionId: "", percentage: 100 };
  const { versionId = largest.versionId, percentage = largest.percentage } = state;
  const isAsked = isSame(versions, sharesOf(versionId, percentage, previousVersionId));
  const found = isAsked
    ? { versionId, percentage }
    : (versions.find((share) => share.versionId === versionId) ?? largest);
  return { accountId, scriptName, ...found, ...outputs };
}
