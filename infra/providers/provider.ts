import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CreateResult, Provider } from "@pulumi/pulumi/provider";
import { type ApiOptions, type AskEdge, cloudflareApi } from "../cloudflare";
import { version } from "./package.json";
import type { Context, PushImage } from "./context";
import type { Resource } from "./resource";
import { RESOURCES } from "./resources";
import { packageSchema } from "./schema";
import { type Properties, sealLike, unwrap } from "./wire";

export interface ProviderOptions extends ApiOptions {
  /** Folder that file paths in inputs are relative to; by default the project's. */
  readonly root?: string;
  /** Waits, milliseconds; tests pass one that does not. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly edge?: AskEdge;
  /** How an image gets into a registry; by default with the docker command. */
  readonly pushImage?: PushImage;
}

const notYet = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} is missing`);
};

/** A provider with the functions that ours always has. */
export type WandStoreProvider = Required<
  Pick<Provider, "version" | "getSchema" | "check" | "diff" | "create" | "read" | "update" | "delete">
> & {
  /**
   * What a create with these inputs has made, where nobody learnt how it ended; undefined where it made nothing, and where
   * making it again does no harm. The CLI has no call for it: there the create itself looks when an answer is lost.
   */
  find(urn: string, inputs: Properties): Promise<CreateResult | undefined>;
};

/**
 * Our provider: what @pulumi/cloudflare lacks, over Cloudflare's API. The CLI reaches it through `index.ts`, the embedded
 * deployment calls it as it is. Unknown values and secrets may come in Pulumi's wire form; a secret goes back as one.
 */
export function createProvider(options: ProviderOptions): WandStoreProvider {
  const context: Context = {
    api: cloudflareApi(options),
    root: options.root ?? resolve(__dirname, "..", ".."),
    sleep: options.sleep ?? ((ms) => sleep(ms)),
    now: options.now ?? Date.now,
    edge: options.edge ?? notYet("edge"),
    pushImage: options.pushImage ?? notYet("pushImage"),
  };

  return {
    version,
    getSchema: async () => JSON.stringify(packageSchema(version, RESOURCES)),

    async check(urn, olds, news) {
      // Inputs go back just as they came, so that what was secret stays so.
      return { inputs: news, failures: resourceOf(urn).check(open(olds), open(news)) };
    },
    async diff(_id, urn, olds, news) {
      return resourceOf(urn).diff(open(olds), open(news));
    },
    async create(urn, inputs) {
      const { id, outs } = await resourceOf(urn).create(context, open(inputs));
      return { id, outs: sealLike(inputs, outs) };
    },
    async find(urn, inputs) {
      const found = await resourceOf(urn).find(context, open(inputs));
      return found && { id: found.id, outs: sealLike(inputs, found.outs) };
    },
    async read(id, urn, state = {}) {
      const found = await resourceOf(urn).read(context, id, open(state));
      const { props = {}, inputs = {} } = found;
      return { id: found.id ?? "", props: sealLike(state, props), inputs: sealLike(state, inputs) };
    },
    async update(id, urn, olds, news) {
      return { outs: sealLike(news, await resourceOf(urn).update(context, id, open(olds), open(news))) };
    },
    async delete(id, urn, state) {
      await resourceOf(urn).delete(context, id, open(state));
    },
  };
}

const open = (properties: Properties | undefined): Properties => unwrap(properties ?? {}) as Properties;

/** A URN ends `…::{parent types}${type}::{name}`. */
function resourceOf(urn: string): Resource {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const resource = RESOURCES[type];
  if (!resource)
    throw new Error(`The wandstore provider has no "${type}". It has ${Object.keys(RESOURCES).join(", ")}.`);
  return resource;
}
