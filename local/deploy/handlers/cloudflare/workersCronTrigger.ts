import type Cloudflare from "cloudflare";
import { orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  scriptName: string;
  schedules: { cron: string }[];
}

/** cloudflare:index/workersCronTrigger:WorkersCronTrigger. The schedules are put as a whole; deleting puts none. */
export function workersCronTrigger(client: () => Cloudflare): Handler {
  const put = async (inputs: Inputs): Promise<object> => {
    const { accountId, scriptName, schedules } = inputs;
    const body = schedules.map(({ cron }) => ({ cron }));
    const live = await client().workers.scripts.schedules.update(scriptName, { account_id: accountId, body });
    return {
      ...inputs,
      schedules: live.schedules.map(({ cron, created_on: createdOn, modified_on: modifiedOn }) => {
        return { cron, createdOn, modifiedOn };
      }),
    };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "scriptName"],
    naturalKey: ({ accountId, scriptName }) => `${accountId}/${scriptName}`,
    create: async (inputs) => ({ id: inputs.scriptName, outputs: await put(inputs) }),
    async read({ inputs: { accountId, scriptName } }) {
      const live = await orGone(client().workers.scripts.schedules.get(scriptName, { account_id: accountId }));
      return live && { schedules: live.schedules.map(({ cron }) => ({ cron })) };
    },
    update: async (_old, inputs) => put(inputs),
    delete: async ({ inputs }) => unlessGone(put({ ...inputs, schedules: [] })),
  });
}
