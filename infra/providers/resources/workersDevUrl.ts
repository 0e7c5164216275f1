import { z } from "zod";
import { orNothing } from "../../cloudflare";
import { type Context, defineResource } from "../resource";

const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the Worker is in."),
  scriptName: z.string().min(1).describe("The Worker's name."),
});
const Outputs = z.object({ url: z.string().describe("Where the Worker answers on workers.dev, without a path.") });
export type WorkersDevUrlInputs = z.infer<typeof Inputs>;
export type WorkersDevUrlOutputs = z.infer<typeof Outputs>;

/**
 * Looks up where a Worker answers on workers.dev. Newer versions of Cloudflare's provider tell it with the Worker, older ones
 * that are still in use do not; the account's own part of the name is in the API in any case.
 */
export const workersDevUrl = defineResource<WorkersDevUrlInputs, WorkersDevUrlOutputs>({
  description: "The address of a Worker on workers.dev (looked up).",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: "all",
  importId: "{accountId}/{scriptName}",

  async create(context, inputs) {
    const url = await find(context, inputs);
    if (url !== undefined) return { id: idOf(inputs), outputs: { url } };
    throw new Error(
      `The Worker ${inputs.scriptName} has no address on workers.dev: the account has no name there yet. Open Workers & Pages ` +
        "once in the dashboard, which gives it one, or set wandstore:worker.domain.",
    );
  },
  async read(context, _id, state) {
    const url = await find(context, state);
    return url === undefined ? undefined : { ...state, url };
  },
  async import(context, id) {
    const [accountId = "", scriptName = ""] = id.split("/");
    const inputs = { accountId, scriptName };
    const url = await find(context, inputs);
    return url === undefined ? undefined : { id: idOf(inputs), state: { ...inputs, url } };
  },
});

const idOf = ({ accountId, scriptName }: WorkersDevUrlInputs): string => `${accountId}/${scriptName}`;

/** Undefined where there is no such Worker, or no name of the account on workers.dev. */
async function find({ api }: Context, { accountId, scriptName }: WorkersDevUrlInputs): Promise<string | undefined> {
  const workers = `/accounts/${accountId}/workers`;
  const worker = await orNothing(api<{ subdomain?: { url?: string } }>("GET", `${workers}/workers/${scriptName}`));
  if (worker === undefined) return undefined;
  const { url } = worker.subdomain ?? {};
  if (url) return (/^https?:/.test(url) ? url : `https://${url}`).replace(/\/$/, "");
  const account = await orNothing(api<{ subdomain?: string }>("GET", `${workers}/subdomain`));
  return account?.subdomain ? `https://${scriptName}.${account.subdomain}.workers.dev` : undefined;
}
