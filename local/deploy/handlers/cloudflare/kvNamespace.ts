import type Cloudflare from "cloudflare";
import { createOnce, orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  title: string;
  jurisdiction?: string;
}

/** cloudflare:index/workersKvNamespace:WorkersKvNamespace */
export function kvNamespace(client: () => Cloudflare): Handler {
  const find = async ({ accountId, title }: Inputs): Promise<Cloudflare.KV.Namespace | undefined> => {
    for await (const namespace of client().kv.namespaces.list({ account_id: accountId, per_page: 1000 })) {
      if (namespace.title === title) return namespace;
    }
    return undefined;
  };
  const outputs = (inputs: Inputs, namespace: Cloudflare.KV.Namespace) => ({
    jurisdiction: undefined,
    ...inputs,
    supportsUrlEncoding: namespace.supports_url_encoding,
  });
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "jurisdiction"],
    stableOutputs: ["supportsUrlEncoding"],
    naturalKey: ({ accountId, title }) => `${accountId}/${title}`,
    async create(inputs) {
      const namespace = await createOnce(
        (options) => client().kv.namespaces.create({ account_id: inputs.accountId, title: inputs.title }, options),
        () => find(inputs),
      );
      return { id: namespace.id, outputs: outputs(inputs, namespace) };
    },
    async find(inputs) {
      const namespace = await find(inputs);
      return namespace === undefined ? undefined : { id: namespace.id, outputs: outputs(inputs, namespace) };
    },
    async read({ id, inputs }) {
      const live = await orGone(client().kv.namespaces.get(id, { account_id: inputs.accountId }));
      return live && { title: live.title };
    },
    async update({ id }, inputs) {
      const { accountId, title } = inputs;
      const namespace = await client().kv.namespaces.update(id, { account_id: accountId, title });
      return outputs(inputs, namespace);
    },
    async delete({ id, inputs }) {
      await unlessGone(client().kv.namespaces.delete(id, { account_id: inputs.accountId }));
    },
  });
}
