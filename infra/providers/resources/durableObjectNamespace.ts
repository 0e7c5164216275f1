import { z } from "zod";
import { type Context, defineResource } from "../resource";

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the Worker is in."),
  scriptName: z.string().min(1).describe("Name of the Worker that exports the class."),
  className: z.string().min(1).describe("The class, as the Worker exports it."),
});
const Outputs = z.object({ namespaceId: z.string().describe("The namespace that holds the class's objects.") });
export type DurableObjectNamespaceInputs = z.infer<typeof Inputs>;
export type DurableObjectNamespaceOutputs = z.infer<typeof Outputs>;

/** The list of namespaces lags behind a deployment; wrangler asks five times, half a second apart. */
const TRIES = 5;
const BETWEEN_TRIES_MS = 500;
const PER_PAGE = 1000;

/** Looks up the namespace of a Durable Object class. Cloudflare makes and removes it with the class's migration. */
export const durableObjectNamespace = defineResource<DurableObjectNamespaceInputs, DurableObjectNamespaceOutputs>({
  description: "The namespace that Cloudflare made for a Durable Object class of a deployed Worker (looked up).",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: "all",
  importId: "{accountId}/{scriptName}/{className}",

  async create(context, inputs) {
    for (let tries = 1; ; tries++) {
      const namespaceId = await find(context, inputs);
      if (namespaceId !== undefined) return { id: namespaceId, outputs: { namespaceId } };
      if (tries === TRIES) break;
      await context.sleep(BETWEEN_TRIES_MS);
    }
    throw new Error(
      `The Worker ${inputs.scriptName} has no Durable Object namespace for the class ${inputs.className}. A version that ` +
        "exports the class and has a migration that creates it must be deployed first.",
    );
  },

  async read(context, id, state) {
    // A class that was deleted and made anew has another namespace: the one that was looked up is gone.
    return (await find(context, state)) === id ? { ...state, namespaceId: id } : undefined;
  },
  async import(context, id) {
    const [accountId = "", scriptName = "", className = ""] = id.split("/");
    const inputs = { accountId, scriptName, className };
    const namespaceId = await find(context, inputs);
    return namespaceId === undefined ? undefined : { id: namespaceId, state: { ...inputs, namespaceId } };
  },
});

async function find({ api }: Context, inputs: DurableObjectNamespaceInputs): Promise<string | undefined> {
  for (let page = 1; ; page++) {
    const namespaces = await api<{ id: string; class?: string; script?: string }[]>(
      "GET",
      `/accounts/${inputs.accountId}/workers/durable_objects/namespaces?per_page=${PER_PAGE}&page=${page}`,
    );
    const found = namespaces.find((each) => each.class === inputs.className && each.script === inputs.scriptName);
    if (found || namespaces.length < PER_PAGE) return found?.id;
  }
}
