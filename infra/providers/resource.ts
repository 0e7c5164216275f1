import { isDeepStrictEqual } from "node:util";
import type { CheckFailure, CreateResult, DiffResult, ReadResult } from "@pulumi/pulumi/provider";
import { z } from "zod";
import type { Context } from "./context";
import { isUnknown, type Properties } from "./wire";

export type { Context } from "./context";

/** How one type of resource behaves. Every function gets plain values: secrets opened, in the shape of its schema. */
export interface ResourceSpec<Inputs extends object, Outputs extends object> {
  readonly description: string;
  readonly inputs: z.ZodObject & z.ZodType<Inputs>;
  /** What the resource adds to its inputs once it is there. */
  readonly outputs: z.ZodObject & z.ZodType<Outputs>;
  /** Inputs whose change needs a new resource. */
  readonly replaceOn: "all" | readonly (keyof Inputs & string)[];
  /** Replace by delete, then create: where two cannot exist side by side. */
  readonly deleteBeforeReplace?: boolean;
  /** Outputs that an update in place leaves as they are: a preview may go on with them. */
  readonly stable?: readonly (keyof Outputs & string)[];
  /** The part of an input that counts when old and new are compared. */
  readonly compare?: { readonly [Key in keyof Inputs]?: (value: Inputs[Key]) => unknown };
  /** Refuses what a schema cannot see. Runs in previews, so any value may be unknown. */
  check?(olds: Partial<Inputs>, news: Inputs): CheckFailure[];
  create(context: Context, inputs: Inputs): Promise<{ id: string; outputs: Outputs }>;
  /**
   * The one that a create of these inputs has made, for whoever never learnt how that create ended. Left out where making
   * it again does no harm.
   */
  find?(context: Context, inputs: Inputs): Promise<{ id: string; outputs: Outputs } | undefined>;
  /**
   * What an id given by hand stands for (`pulumi import`), or undefined when there is none. The id has the form that
   * `importId` shows.
   */
  import?(context: Context, id: string): Promise<{ id: string; state: Inputs & Outputs } | undefined>;
  /** Form of the id that `import` takes, such as `{accountId}/{applicationId}`. */
  readonly importId?: string;
  /** What is live now, or undefined when there is none. */
  read(context: Context, id: string, state: Inputs & Outputs): Promise<(Inputs & Outputs) | undefined>;
  update?(context: Context, id: string, olds: Inputs & Outputs, news: Inputs): Promise<Outputs>;
  /** Left out where Cloudflare has nothing to delete. */
  delete?(context: Context, id: string, state: Inputs & Outputs): Promise<void>;
}

/** A resource as the provider holds it, whatever its inputs are. */
export interface Resource {
  readonly description: string;
  readonly inputs: z.ZodObject;
  readonly outputs: z.ZodObject;
  check(olds: Properties, news: Properties): CheckFailure[];
  diff(olds: Properties, news: Properties): DiffResult;
  create(context: Context, inputs: Properties): Promise<CreateResult>;
  find(context: Context, inputs: Properties): Promise<CreateResult | undefined>;
  read(context: Context, id: string, state: Properties): Promise<ReadResult>;
  update(context: Context, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(context: Context, id: string, state: Properties): Promise<void>;
}

/** Puts what all resources share around a spec: validation, comparison, and state as inputs plus outputs. */
export function defineResource<Inputs extends object, Outputs extends object>(
  spec: ResourceSpec<Inputs, Outputs>,
): Resource {
  const keys = Object.keys(spec.inputs.shape) as (keyof Inputs & string)[];
  // The engine gives back the state that we gave it, so its shape is known.
  const stateOf = (properties: Properties) => properties as unknown as Inputs & Outputs;
  const inputsOf = (properties: Properties): Inputs => spec.inputs.parse(properties);

  return {
    description: spec.description,
    inputs: spec.inputs,
    outputs: spec.outputs,

    check(olds, news) {
      const parsed = spec.inputs.safeParse(news);
      const issues = (parsed.error?.issues ?? []).filter((issue) => !reachesUnknown(news, issue.path));
      if (issues.length > 0)
        return issues.map((issue) => ({ property: z.core.toDotPath(issue.path), reason: issue.message }));
      return spec.check?.(olds as Partial<Inputs>, news as unknown as Inputs) ?? [];
    },

    diff(olds, news) {
      const view = (properties: Properties, key: keyof Inputs & string): unknown => {
        const value = properties[key];
        const compare = spec.compare?.[key];
        return compare && value !== undefined && !isUnknown(value) ? compare(value as Inputs[typeof key]) : value;
      };
      const changed = keys.filter((key) => !isDeepStrictEqual(view(olds, key), view(news, key)));
      const replaces = spec.replaceOn === "all" ? changed : changed.filter((key) => spec.replaceOn.includes(key));
      return {
        changes: changed.length > 0,
        replaces,
        ...(spec.stable !== undefined && replaces.length === 0 ? { stables: [...spec.stable] } : {}),
        deleteBeforeReplace: replaces.length > 0 && spec.deleteBeforeReplace === true,
      };
    },

    async create(context, properties) {
      const inputs = inputsOf(properties);
      const { id, outputs } = await spec.create(context, inputs);
      return { id, outs: { ...inputs, ...outputs } };
    },

    async find(context, properties) {
      const inputs = inputsOf(properties);
      const found = await spec.find?.(context, inputs);
      return found && { id: found.id, outs: { ...inputs, ...found.outputs } };
    },

    async read(context, id, properties) {
      const state = await spec.read(context, id, stateOf(properties));
      if (!state) return { id: "", props: {} };
      return {
        id,
        props: state,
        inputs: Object.fromEntries(Object.entries(state).filter(([key]) => key in spec.inputs.shape)),
      };
    },

    async update(context, id, olds, properties) {
      if (!spec.update) throw new Error(`${spec.description} is replaced, never updated.`);
      const inputs = inputsOf(properties);
      const outputs = await spec.update(context, id, stateOf(olds), inputs);
      return { ...inputs, ...outputs } as Properties;
    },

    async delete(context, id, properties) {
      await spec.delete?.(context, id, stateOf(properties));
    },
  };
}

/** Whether the value at `path`, or one on the way to it, is not known yet. */
function reachesUnknown(value: unknown, path: readonly PropertyKey[]): boolean {
  let here = value;
  for (const step of path) {
    if (isUnknown(here)) return true;
    here = (here as Record<PropertyKey, unknown> | undefined)?.[step];
  }
  return isUnknown(here);
}
