import { z } from "zod";
import { CloudflareError, isNotFound } from "../../cloudflare";
import { type Context, defineResource } from "../resource";

const Inputs = z.object({
  accountId: z.string(),
  name: z.string().min(1),
  /** Namespace of the Durable Object class that the containers belong to. */
  namespaceId: z.string(),
  /** `registry.cloudflare.com/{account}/{repository}@sha256:{hex}`. */
  image: z.string(),
  instanceType: z.enum(["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"]),
  /** Containers that may run at once. */
  maxInstances: z.number().int().min(1),
});
const Outputs = z.object({ applicationId: z.string() });
export type ContainerApplicationInputs = z.infer<typeof Inputs>;
export type ContainerApplicationOutputs = z.infer<typeof Outputs>;

/** What of an application's answer is read. */
interface Application {
  readonly id: string;
  readonly name: string;
  readonly max_instances: number;
  readonly configuration: { readonly image: string; readonly instance_type?: string; readonly vcpu?: number };
  readonly durable_objects?: { readonly namespace_id?: string };
}

/** The API may answer the size in place of the type that was sent. vCPUs of each type. */
const TYPE_BY_VCPU: ReadonlyMap<number, ContainerApplicationInputs["instanceType"]> = new Map([
  [1 / 16, "lite"],
  [1 / 4, "basic"],
  [1 / 2, "standard-1"],
  [1, "standard-2"],
  [2, "standard-3"],
  [4, "standard-4"],
]);

/** A container application of the scheduling policy `default`: an image, run for the objects of one class. */
export const containerApplication = defineResource<ContainerApplicationInputs, ContainerApplicationOutputs>({
  description: "A container application: the image that runs for each object of a Durable Object class.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "name", "namespaceId"],
  stable: ["applicationId"],
  // A namespace takes one application, and an application made under the old one's name would be the old one.
  deleteBeforeReplace: true,

  async create({ api }, inputs) {
    const body = {
      name: inputs.name,
      scheduling_policy: "default",
      instances: 0, // the objects start their own
      max_instances: inputs.maxInstances,
      configuration: configurationOf(inputs),
      durable_objects: { namespace_id: inputs.namespaceId },
    };
    const { id } = await api<Application>("POST", pathOf(inputs), body).catch(async (error: unknown) => {
      const made = error instanceof CloudflareError && error.outcomeUnknown ? await findMade(api, inputs) : undefined;
      if (made) return made;
      throw error;
    });
    return { id, outputs: { applicationId: id } };
  },

  async find({ api }, inputs) {
    const made = await findMade(api, inputs);
    return made && { id: made.id, outputs: { applicationId: made.id } };
  },

  async read({ api }, id, state) {
    try {
      const live = await api<Application>("GET", `${pathOf(state)}/${id}`);
      const { instance_type: type, vcpu } = live.configuration;
      const instanceType = Inputs.shape.instanceType.safeParse(type ?? TYPE_BY_VCPU.get(vcpu ?? 0));
      return {
        accountId: state.accountId,
        name: live.name,
        namespaceId: live.durable_objects?.namespace_id ?? state.namespaceId,
        image: live.configuration.image,
        instanceType: instanceType.data ?? state.instanceType,
        maxInstances: live.max_instances,
        applicationId: id,
      };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },

  async update({ api }, id, olds, news) {
    if (news.maxInstances !== olds.maxInstances) {
      await api("PATCH", `${pathOf(news)}/${id}`, { max_instances: news.maxInstances });
    }
    // What runs inside changes only by a rollout.
    if (news.image !== olds.image || news.instanceType !== olds.instanceType) {
      await api("POST", `${pathOf(news)}/${id}/rollouts`, {
        description: "Progressive update",
        strategy: "rolling",
        kind: "full_auto",
        step_percentage: 100,
        target_configuration: configurationOf(news),
      });
    }
    return { applicationId: id };
  },

  async delete({ api }, id, state) {
    try {
      await api("DELETE", `${pathOf(state)}/${id}`);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
});

const pathOf = ({ accountId }: { accountId: string }): string => `/accounts/${accountId}/containers/applications`;

const configurationOf = ({ image, instanceType }: ContainerApplicationInputs): object => ({
  image,
  instance_type: instanceType,
  observability: { logs: { enabled: true } },
});

/** After a lost answer: the application of this very name and namespace, if the request did get through. */
async function findMade(api: Context["api"], inputs: ContainerApplicationInputs): Promise<Application | undefined> {
  const listed = await api<Application[]>("GET", `${pathOf(inputs)}?name=${encodeURIComponent(inputs.name)}`);
  return listed.find(
    ({ name, durable_objects: objects }) => name === inputs.name && objects?.namespace_id === inputs.namespaceId,
  );
}
