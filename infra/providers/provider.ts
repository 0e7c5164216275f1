import { createHmac } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CreateResult, DiffResult, Provider, ReadResult, UpdateResult } from "@pulumi/pulumi/provider";
import { type ApiOptions, type AskEdge, connectCloudflare } from "../cloudflare";
import { type CallOptions, within } from "./bounds";
import type { Context, PushImage } from "./context";
import type { PropertyChange } from "./differences";
import { NotReadyError } from "./errors";
import { version } from "./package.json";
import { dockerPush } from "./registry/dockerPush";
import type { Resource } from "./resource";
import { RESOURCES } from "./resources";
import { packageSchema } from "./schema";
import { type Properties, sealLike, unwrap } from "./wire";

export interface ProviderOptions extends ApiOptions {
  /** Account of an id to import that names none. */
  readonly accountId?: string;
  /** Folder that file paths in inputs are relative to; by default the project's. */
  readonly root?: string;
  readonly edge?: AskEdge;
  /** How an image gets into a registry; by default with the docker command. */
  readonly pushImage?: PushImage;
}

/** A provider with the functions that ours always has. Those that reach Cloudflare take what bounds the call. */
export interface WandStoreProvider extends Required<Pick<Provider, "version" | "getSchema" | "check">> {
  /** @param oldInputs the inputs in the state, beside its outputs `olds`. */
  diff(id: string, urn: string, olds: Properties, news: Properties, oldInputs?: Properties): Promise<DiffResult>;
  /** What exactly the difference is, property by property. */
  changes(urn: string, olds: Properties, news: Properties, oldInputs?: Properties): PropertyChange[];
  /** What a create (or an update of `olds`) will give back, as far as a preview can tell; the rest is unknown. */
  promise(urn: string, news: Properties, olds?: Properties): Record<string, unknown>;
  create(urn: string, inputs: Properties, call?: CallOptions): Promise<CreateResult>;
  /** With no state, `id` is one to import; `{ id: "" }` where there is nothing. */
  read(id: string, urn: string, state?: Properties, call?: CallOptions): Promise<ReadResult>;
  update(id: string, urn: string, olds: Properties, news: Properties, call?: CallOptions): Promise<UpdateResult>;
  delete(id: string, urn: string, state: Properties, call?: CallOptions): Promise<void>;
  /**
   * What a create with these inputs has made, where nobody learnt how it ended; undefined where it made nothing, and where
   * making it again does no harm. The CLI has no call for it: there the create itself looks when an answer is lost.
   */
  find(urn: string, inputs: Properties): Promise<CreateResult | undefined>;
}

/**
 * Our provider: what @pulumi/cloudflare lacks, over Cloudflare's API. The CLI reaches it through `server`, the embedded
 * deployment calls it as it is. Unknown values and secrets may come in Pulumi's wire form; a secret goes back as one.
 */
export function createProvider(options: ProviderOptions): WandStoreProvider {
  const world = worldOf(options);

  return {
    version,
    getSchema: async () => JSON.stringify(packageSchema(version, RESOURCES)),

    async check(urn, olds, news) {
      // Inputs go back just as they came, so that what was secret stays so.
      return { inputs: news, failures: resourceOf(urn).check(open(olds), open(news)) };
    },
    async diff(_id, urn, olds, news, oldInputs) {
      return resourceOf(urn).diff(open(olds), open(news), open(oldInputs));
    },
    changes: (urn, olds, news, oldInputs) => resourceOf(urn).changes(open(olds), open(news), open(oldInputs)),
    promise(urn, news, olds) {
      const { secrets, promise } = resourceOf(urn);
      return sealLike(news, promise(open(news), olds && open(olds)), secrets);
    },
    async create(urn, inputs, call = {}) {
      const resource = resourceOf(urn);
      const made = resource.create(within(world, call), open(inputs));
      const { id, outs = {} } = await orNotReady(made, resource, inputs);
      return { id, outs: sealLike(inputs, outs, resource.secrets) };
    },
    async find(urn, inputs) {
      const resource = resourceOf(urn);
      const found = await resource.find(world, open(inputs));
      return found && { id: found.id, outs: sealLike(inputs, found.outs ?? {}, resource.secrets) };
    },
    async read(id, urn, state = {}, call = {}) {
      const resource = resourceOf(urn);
      const context = within(world, call);
      const isImport = Object.keys(state).length === 0;
      const found = isImport ? await resource.import(context, id) : await resource.read(context, id, open(state));
      const { props = {}, inputs = {} } = found;
      const sealed = (properties: Properties) => sealLike(state, properties, resource.secrets);
      return { id: found.id ?? "", props: sealed(props), inputs: sealed(inputs) };
    },
    async update(id, urn, olds, news, call = {}) {
      const resource = resourceOf(urn);
      const updated = resource.update(within(world, call), id, open(olds), open(news));
      return { outs: sealLike(news, await orNotReady(updated, resource, news), resource.secrets) };
    },
    async delete(id, urn, state, call = {}) {
      await resourceOf(urn).delete(within(world, call), id, open(state));
    },
  };
}

function worldOf(options: ProviderOptions): Context {
  const cloudflare = connectCloudflare(options);
  return {
    ...cloudflare,
    edge: options.edge ?? cloudflare.edge,
    pushImage: options.pushImage ?? dockerPush(),
    accountId: options.accountId,
    keyedHash: (text) => createHmac("sha256", options.apiToken).update(text).digest("hex"),
    root: options.root ?? resolve(__dirname, "..", ".."),
    sleep: options.sleep ?? ((ms) => sleep(ms)),
    now: options.now ?? Date.now,
  };
}

/** The outputs of one that is not ready are whole and sealed like those of one that is. */
async function orNotReady<Result>(call: Promise<Result>, { secrets }: Resource, inputs: Properties): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    const outputs = sealLike(inputs, { ...open(inputs), ...error.outputs }, secrets);
    throw new NotReadyError(error.id, outputs, error.reasons);
  }
}

const open = (properties: Properties | undefined): Properties => unwrap(properties ?? {}) as Properties;

/**
 * A URN ends `…::{parent types}${type}::{name}`.
 * @throws Error for a type that the provider does not have.
 */
export function resourceOf(urn: string): Resource {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const resource = RESOURCES[type];
  if (!resource)
    throw new Error(`The wandstore provider has no "${type}". It has ${Object.keys(RESOURCES).join(", ")}.`);
  return resource;
}
