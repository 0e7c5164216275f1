import type Cloudflare from "cloudflare";
import { orGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  scriptName: string;
  strategy: "percentage";
  versions: { versionId: string; percentage: number }[];
  annotations?: { workersMessage?: string };
  force?: boolean;
}

interface Listed {
  /** Newest first: that one is live. */
  result: { deployments: { versions: { version_id: string; percentage: number }[] }[] };
}

/**
 * cloudflare:index/workersDeployment:WorkersDeployment. A deployment is never changed: a new one takes the traffic, the
 * old one is history, and there is nothing to delete.
 */
export function workersDeployment(client: () => Cloudflare): Handler {
  return typedHandler<Inputs>({
    replaceOn: ["*"],
    async create(inputs) {
      const { accountId, scriptName, strategy, versions, annotations, force } = inputs;
      const message = annotations?.workersMessage;
      const made = await client().workers.scripts.deployments.create(scriptName, {
        account_id: accountId,
        strategy,
        versions: versions.map(({ versionId, percentage }) => ({ version_id: versionId, percentage })),
        ...(message === undefined ? {} : { annotations: { "workers/message": message } }),
        ...(force === undefined ? {} : { force }),
      });
      const outputs = {
        annotations: undefined,
        force: undefined,
        ...inputs,
        createdOn: made.created_on,
        source: made.source,
        authorEmail: made.author_email,
      };
      return { id: made.id, outputs };
    },
    async read({ inputs: { accountId, scriptName } }) {
      const path = `/accounts/${accountId}/workers/scripts/${scriptName}/deployments`;
      const list = await orGone(client().get<Listed>(path)); // the SDK's own list takes it for pages
      const [live] = list?.result.deployments ?? [];
      if (live === undefined) return undefined;
      return {
        versions: live.versions.map(({ version_id: versionId, percentage }) => ({ versionId, percentage })),
      };
    },
    async delete() {},
  });
}
