import type Cloudflare from "cloudflare";
import { orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  namespaceId: string;
  keyName: string;
  value: string;
  /** JSON. */
  metadata?: string;
  expiration?: number;
  expirationTtl?: number;
}

/** cloudflare:index/workersKv:WorkersKv. Writing is the same call for new and old, so a repeated one does no harm. */
export function kvValue(client: () => Cloudflare): Handler {
  const write = async (inputs: Inputs): Promise<object> => {
    await client().kv.namespaces.values.update(inputs.keyName, {
      account_id: inputs.accountId,
      namespace_id: inputs.namespaceId,
      value: inputs.value,
      // As its text: of an object the SDK makes one form field for each part, and nobody takes those.
      ...(inputs.metadata === undefined ? {} : { metadata: inputs.metadata }),
      ...(inputs.expiration === undefined ? {} : { expiration: inputs.expiration }),
      ...(inputs.expirationTtl === undefined ? {} : { expiration_ttl: inputs.expirationTtl }),
    });
    return { metadata: undefined, expiration: undefined, expirationTtl: undefined, ...inputs };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "namespaceId", "keyName"],
    naturalKey: ({ namespaceId, keyName }) => `${namespaceId}/${keyName}`,
    create: async (inputs) => ({ id: inputs.keyName, outputs: await write(inputs) }),
    async read({ inputs: { accountId, namespaceId, keyName, metadata } }) {
      const where = { account_id: accountId, namespace_id: namespaceId };
      const { values, metadata: notes } = client().kv.namespaces;
      const live = await orGone(values.get(keyName, where));
      if (live === undefined) return undefined;
      const value = await live.text();
      const found = JSON.stringify((await orGone(notes.get(keyName, where))) ?? null);
      const isSame = found === JSON.stringify(metadata === undefined ? null : JSON.parse(metadata));
      return { value, metadata: isSame ? metadata : found };
    },
    update: async (_old, inputs) => write(inputs),
    async delete({ inputs }) {
      const { accountId, namespaceId, keyName } = inputs;
      const where = { account_id: accountId, namespace_id: namespaceId };
      await unlessGone(client().kv.namespaces.values.delete(keyName, where));
    },
  });
}
