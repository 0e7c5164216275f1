import type Cloudflare from "cloudflare";
import { orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  bucketName: string;
  jurisdiction?: NonNullable<Cloudflare.R2.Buckets.LifecycleUpdateParams["cf-r2-jurisdiction"]>;
  /** Cloudflare's own shape: this part of the API is in camel case. */
  rules?: Cloudflare.R2.Buckets.LifecycleUpdateParams.Rule[];
}

/** cloudflare:index/r2BucketLifecycle:R2BucketLifecycle. The rules are put as a whole; deleting puts none. */
export function r2BucketLifecycle(client: () => Cloudflare): Handler {
  const put = async (inputs: Inputs): Promise<object> => {
    await client().r2.buckets.lifecycle.update(inputs.bucketName, {
      account_id: inputs.accountId,
      rules: inputs.rules ?? [],
      ...(inputs.jurisdiction === undefined ? {} : { "cf-r2-jurisdiction": inputs.jurisdiction }),
    });
    return { jurisdiction: "default", rules: [], ...inputs };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "bucketName", "jurisdiction"],
    stableOutputs: ["jurisdiction"],
    naturalKey: ({ accountId, bucketName }) => `${accountId}/${bucketName}`,
    create: async (inputs) => ({ id: inputs.bucketName, outputs: await put(inputs) }),
    async read({ inputs: { accountId, bucketName, jurisdiction } }) {
      const where = {
        account_id: accountId,
        ...(jurisdiction === undefined ? {} : { "cf-r2-jurisdiction": jurisdiction }),
      };
      const live = await orGone(client().r2.buckets.lifecycle.get(bucketName, where));
      return live && { rules: live.rules ?? [] };
    },
    update: async (_old, inputs) => put(inputs),
    delete: async ({ inputs }) => unlessGone(put({ ...inputs, rules: [] })),
  });
}
