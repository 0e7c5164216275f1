import type { CheckFailure, CreateResult, DiffResult, ReadResult } from "@pulumi/pulumi/provider";
import { z } from "zod";
import type { Context } from "./context";
import { differences, type PropertyChange } from "./differences";
import { fullImportId } from "./importId";
import { secretPaths } from "./schema";
import { holdsUnread } from "./unread";
import { isUnknown, type Properties, UNKNOWN } from "./wire";

export type { Context } from "./context";

/** How one type of resource behaves. Every function gets plain values: secrets opened, in the shape of its schema. */
export interface ResourceSpec<Inputs extends object, Outputs extends object> {
  readonly description: string;
  /** What has `.meta({ secret: true })` in it is a secret in state, whatever the program passed. */
  readonly inputs: z.ZodObject & z.ZodType<Inputs>;
  /** What the resource adds to its inputs once it is there. */
  readonly outputs: z.ZodObject & z.ZodType<Outputs>;
  /** Inputs whose change needs a new resource. */
  readonly replaceOn: "all" | readonly (keyof Inputs & string)[];
  /** Replace by delete, then create: where two cannot exist side by side. */
  readonly deleteBeforeReplace?: boolean;
  /** Outputs that an update in place leaves as they are: a preview may go on with them. */
  readonly stable?: readonly (keyof Outputs & string)[];
  /** Inputs whose change alone is no reason to do anything. */
  readonly silent?: readonly (keyof Inputs & string)[];
  /**
   * Whether two values of an input come to the same, where they need not be equal for it: one of them may hold
   * `NOT_READ_BACK`. Left out, they are compared as they are, and what was not read back equals everything.
   */
  readonly same?: {
    readonly [Key in keyof Inputs]?: (old: NonNullable<Inputs[Key]>, wanted: NonNullable<Inputs[Key]>) => boolean;
  };
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
  /** Paths of the properties that are secrets by their schema. */
  readonly secrets: ReadonlySet<string>;
  check(olds: Properties, news: Properties): CheckFailure[];
  /** @param oldInputs the inputs that the state keeps beside the outputs `olds`; they may know what `olds` do not. */
  diff(olds: Properties, news: Properties, oldInputs?: Properties): DiffResult;
  /** What exactly differs, property by property. */
  changes(olds: Properties, news: Properties, oldInputs?: Properties): PropertyChange[];
  /** What a preview can tell of a create, or of an update of `olds`. */
  promise(news: Properties, olds?: Properties): Properties;
  create(context: Context, inputs: Properties): Promise<CreateResult>;
  find(context: Context, inputs: Properties): Promise<CreateResult | undefined>;
  import(context: Context, id: string): Promise<ReadResult>;
  read(context: Context, id: string, state: Properties): Promise<ReadResult>;
  update(context: Context, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(context: Context, id: string, state: Properties): Promise<void>;
}

/** Puts what all resources share around a spec: validation, comparison, and state as inputs plus outputs. */
export function defineResource<Inputs extends object, Outputs extends object>(
  spec: ResourceSpec<Inputs, Outputs>,
): Resource {
  const keys = Object.keys(spec.inputs.shape) as (keyof Inputs & string)[];
  const outputs = Object.keys(spec.outputs.shape);
  // The engine gives back the state that we gave it, so its shape is known.
  const stateOf = (properties: Properties) => properties as unknown as Inputs & Outputs;
  // The engine has had them checked, but for what was not known then.
  const inputsOf = (properties: Properties): Inputs => {
    const parsed = spec.inputs.safeParse(properties);
    if (parsed.success) return parsed.data as Inputs;
    const wrong = parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
    throw new Error(`The inputs are wrong: ${wrong.join("; ")}.`);
  };
  const compare = comparison(spec, keys);

  const found = (id: string, state: (Inputs & Outputs) | undefined): ReadResult => {
    if (!state) return { id: "", props: {} };
    const inputs = Object.fromEntries(Object.entries(state).filter(([key]) => key in spec.inputs.shape));
    return { id, props: state, inputs };
  };

  return {
    description: spec.description,
    inputs: spec.inputs,
    outputs: spec.outputs,
    secrets: secretPaths(spec.inputs),

    check(olds, news) {
      const unknown = Object.keys(news).filter((key) => !(key in spec.inputs.shape));
      const parsed = spec.inputs.safeParse(news);
      const issues = (parsed.error?.issues ?? []).filter((issue) => !reachesUnknown(news, issue.path));
      const failures = [
        ...unknown.map((key) => ({ property: key, reason: `is no input; there are ${keys.join(", ")}` })),
        ...issues.map((issue) => ({ property: z.core.toDotPath(issue.path), reason: issue.message })),
      ];
      if (failures.length > 0) return failures;
      return spec.check?.(olds as Partial<Inputs>, news as unknown as Inputs) ?? [];
    },

    diff(olds, news, oldInputs) {
      const changed = compare(olds, news, oldInputs).map(({ key }) => key);
      const replaces = spec.replaceOn === "all" ? changed : changed.filter((key) => spec.replaceOn.includes(key));
      return {
        changes: changed.length > 0,
        replaces,
        ...(spec.stable !== undefined && replaces.length === 0 ? { stables: [...spec.stable] } : {}),
        deleteBeforeReplace: replaces.length > 0 && spec.deleteBeforeReplace === true,
      };
    },
    changes: (olds, news, oldInputs) => compare(olds, news, oldInputs).flatMap(({ changes }) => changes),

    promise(news, olds) {
      const stable: readonly string[] = olds === undefined ? [] : (spec.stable ?? []);
      const made = outputs.map((key) => [key, stable.includes(key) ? olds?.[key] : UNKNOWN] as const);
      return { ...news, ...Object.fromEntries(made) };
    },

    async create(context, properties) {
      const inputs = inputsOf(properties);
      const { id, outputs: given } = await spec.create(context, inputs);
      return { id, outs: { ...inputs, ...given } };
    },

    async find(context, properties) {
      const inputs = inputsOf(properties);
      const made = await spec.find?.(context, inputs);
      return made && { id: made.id, outs: { ...inputs, ...made.outputs } };
    },

    async import(context, id) {
      if (!spec.import || spec.importId === undefined)
        throw new Error(`${spec.description} There is nothing to import.`);
      const made = await spec.import(context, fullImportId(spec.importId, id, context.accountId));
      return found(made?.id ?? "", made?.state);
    },

    read: async (context, id, properties) => found(id, await spec.read(context, id, stateOf(properties))),

    async update(context, id, olds, properties) {
      if (!spec.update) throw new Error(`${spec.description} It is replaced, never updated.`);
      const inputs = inputsOf(properties);
      const given = await spec.update(context, id, stateOf(olds), inputs);
      return { ...inputs, ...given } as Properties;
    },

    async delete(context, id, properties) {
      await spec.delete?.(context, id, stateOf(properties));
    },
  };
}

/** The inputs that differ, and what of each does. */
function comparison<Inputs extends object, Outputs extends object>(
  { same, silent }: ResourceSpec<Inputs, Outputs>,
  keys: readonly (keyof Inputs & string)[],
) {
  return (olds: Properties, news: Properties, oldInputs: Properties = {}) =>
    keys.flatMap((key) => {
      if (silent?.includes(key) === true) return [];
      const before = known(olds[key], oldInputs[key]);
      const after = news[key];
      const changes = differences(before, after, key);
      if (changes.length === 0) return [];
      if (before !== undefined && after !== undefined && !isUnknown(after)) {
        type Value = NonNullable<Inputs[typeof key]>;
        const isSame = same?.[key]?.(before as Value, after as Value) ?? holdsUnread(before);
        if (isSame) return [];
      }
      return [{ key, changes }];
    });
}

/** After an import the outputs lack what was not read back; the inputs have it as soon as the program has run once more. */
const known = (output: unknown, input: unknown): unknown =>
  input !== undefined && holdsUnread(output) && !holdsUnread(input) ? input : output;

/** Whether the value at `path`, or one on the way to it, is not known yet. */
function reachesUnknown(value: unknown, path: readonly PropertyKey[]): boolean {
  let here = value;
  for (const step of path) {
    if (isUnknown(here)) return true;
    here = (here as Record<PropertyKey, unknown> | undefined)?.[step];
  }
  return isUnknown(here);
}
