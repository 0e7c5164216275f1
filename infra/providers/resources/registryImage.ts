import { z } from "zod";
import { type Context, defineResource } from "../resource";
import { digestOfTag, type TaggedImage } from "../registry/manifest";

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account whose registry it is."),
  repository: z
    .string()
    .regex(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/, "expected a name such as wandstore-generator")
    .describe("The image's name in the account, without a host."),
  tag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, "expected up to 128 letters, digits, dots, hyphens and underscores")
    .describe("Names the image's content: what has the tag already is not pushed again."),
  localImage: z
    .string()
    .min(1)
    .describe("The image's name in the Docker engine here. Another name for the same tag changes nothing."),
});
const Outputs = z.object({
  digest: z.string().describe("sha256:{hex}, as the registry has it."),
  ref: z
    .string()
    .describe("registry.cloudflare.com/{accountId}/{repository}@sha256:{hex}: what a container application runs."),
});
export type RegistryImageInputs = z.infer<typeof Inputs>;
export type RegistryImageOutputs = z.infer<typeof Outputs>;

/** Cloudflare's registry, in the path of its API and in every image's name. */
const REGISTRY = "registry.cloudflare.com";
/** Longer than the longest push. */
const CREDENTIALS_MINUTES = 15;
const IMPORT_ID = /^(?<accountId>[^/]+)\/(?<repository>[^:]+):(?<tag>[^:]+)$/;

/**
 * An image in Cloudflare's registry: pushed where the registry lacks the tag, known from then on by its digest. Deleting it
 * leaves the image: another stack may run it, by its digest.
 */
export const registryImage = defineResource<RegistryImageInputs, RegistryImageOutputs>({
  description: "An image in Cloudflare's registry, pushed once and known by its digest.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "repository"],
  silent: ["localImage"], // where the image comes from says nothing of what it is
  importId: "{accountId}/{repository}:{tag}",

  async create(context, inputs) {
    return { id: idOf(inputs), outputs: await push(context, inputs) };
  },
  async update(context, _id, _olds, news) {
    return push(context, news);
  },
  async read(context, _id, state) {
    const digest = await digestOfTag(await opened(context, state, ["pull"]));
    return digest === undefined ? undefined : { ...state, ...outputsOf(state, digest) };
  },
  async import(context, id) {
    const named = IMPORT_ID.exec(id)?.groups;
    if (!named) throw new Error(`"${id}" names no image. Write it as {accountId}/{repository}:{tag}.`);
    const { accountId = "", repository = "", tag = "" } = named;
    const inputs = Inputs.parse({ accountId, repository, tag, localImage: `${repository}:${tag}` });
    const digest = await digestOfTag(await opened(context, inputs, ["pull"]));
    return digest === undefined ? undefined : { id: idOf(inputs), state: { ...inputs, ...outputsOf(inputs, digest) } };
  },
});

type Named = Pick<RegistryImageInputs, "accountId" | "repository" | "tag">;

/** Without the tag, which changes in place. */
const idOf = ({ accountId, repository }: Named): string => `${accountId}/${repository}`;

const outputsOf = ({ accountId, repository }: Named, digest: string): RegistryImageOutputs => ({
  digest,
  ref: `${REGISTRY}/${accountId}/${repository}@${digest}`,
});

/** Pushes what the registry lacks. Doing it twice, or after a lost answer, does no harm. */
async function push(context: Context, inputs: RegistryImageInputs): Promise<RegistryImageOutputs> {
  const image = await opened(context, inputs, ["push", "pull"]);
  const there = await digestOfTag(image);
  if (there !== undefined) return outputsOf(inputs, there);

  const { digest: said } = await context.pushImage({ local: inputs.localImage, ...image });
  const found = await digestOfTag(image);
  if (found === said) return outputsOf(inputs, found);
  throw new Error(
    `The push of ${inputs.repository}:${inputs.tag} ended with the digest ${said}, and the registry has ` +
      `${found ?? "no such tag"}. Deploy again: what the registry has by then is taken.`,
  );
}

/** The image with short-lived credentials for its registry: they go into no output and no message. */
async function opened(
  { api }: Pick<Context, "api">,
  { accountId, repository, tag }: Named,
  permissions: readonly ("push" | "pull")[],
): Promise<TaggedImage> {
  const credentials = await api<{ registry_host: string; username: string; password: string }>(
    "POST",
    `/accounts/${accountId}/containers/registries/${REGISTRY}/credentials`,
    { permissions, expiration_minutes: CREDENTIALS_MINUTES },
  );
  const { registry_host: registry, username, password } = credentials;
  return { registry, repository: `${accountId}/${repository}`, tag, username, password };
}
