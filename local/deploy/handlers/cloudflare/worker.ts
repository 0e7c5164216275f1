import type Cloudflare from "cloudflare";
import { isObject, UNKNOWN, type Props } from "../../engine/values";
import { createOnce, orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { asFarAsKnown, asProps, camelCased, snakeCased, typedHandler } from "../typed";

type Worker = Cloudflare.Workers.Beta.Workers.Worker;
type Create = Cloudflare.Workers.Beta.Workers.WorkerCreateParams;

interface Inputs {
  accountId: string;
  name: string;
  [setting: string]: unknown;
}

/** What somebody can change of a Worker in the dashboard. */
const SETTINGS = ["name", "logpush", "observability", "subdomain", "tags", "tailConsumers"];

/** cloudflare:index/worker:Worker */
export function worker(client: () => Cloudflare): Handler {
  const find = async ({ accountId, name }: Inputs): Promise<Worker | undefined> => {
    for await (const found of client().workers.beta.workers.list({ account_id: accountId })) {
      if (found.name === name) return found;
    }
    return undefined;
  };
  const params = ({ accountId, force: _force, ...settings }: Inputs): Create => ({
    ...(snakeCased(settings as Props) as unknown as Omit<Create, "account_id">),
    account_id: accountId,
  });
  const outputs = (inputs: Inputs, made: Worker) => ({
    force: undefined,
    previewsBaseConfig: undefined,
    logpush: made.logpush,
    observability: {
      enabled: made.observability.enabled,
      headSamplingRate: made.observability.head_sampling_rate,
    },
    subdomain: { enabled: made.subdomain.enabled, previewsEnabled: made.subdomain.previews_enabled },
    tags: made.tags,
    tailConsumers: made.tail_consumers,
    ...inputs,
    createdOn: made.created_on,
    updatedOn: made.updated_on,
    deployedOn: made.deployed_on,
    references: undefined,
  });
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "name"],
    stableOutputs: ["createdOn", "force", "previewsBaseConfig", "references"],
    naturalKey: ({ accountId, name }) => `${accountId}/${name}`,
    promise(inputs) {
      const { subdomain } = inputs;
      return { ...inputs, subdomain: { ...(isObject(subdomain) ? subdomain : {}), url: UNKNOWN } };
    },
    async create(inputs) {
      const made = await createOnce(
        (options) => client().workers.beta.workers.create(params(inputs), options),
        () => find(inputs),
      );
      return { id: made.id, outputs: outputs(inputs, made) };
    },
    async find(inputs) {
      const made = await find(inputs);
      return made === undefined ? undefined : { id: made.id, outputs: outputs(inputs, made) };
    },
    async read({ id, inputs, outputs: before }) {
      const found = await orGone(client().workers.beta.workers.get(id, { account_id: inputs.accountId }));
      if (found === undefined) return undefined;
      const live = camelCased(asProps(found)) as Props;
      const known = { ...before, ...(inputs as Props) };
      return Object.fromEntries(SETTINGS.map((key) => [key, asFarAsKnown(known[key], live[key])]));
    },
    async update({ id }, inputs) {
      return outputs(inputs, await client().workers.beta.workers.update(id, params(inputs)));
    },
    async delete({ id, inputs }) {
      await unlessGone(client().workers.beta.workers.delete(id, { account_id: inputs.accountId }));
    },
  });
}
