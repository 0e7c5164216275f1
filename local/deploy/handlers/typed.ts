import { changesBetween } from "../engine/diff";
import { parsePath } from "../engine/propertyPath";
import { isObject, withoutNulls, type Props, type Value } from "../engine/values";
import type { Existing, Handler, Live, Made } from "./handler";

/** A handler over inputs of a known shape. Pulumi's own classes type what a program can declare, so the shape holds. */
export interface TypedHandler<Inputs> extends Omit<
  Handler,
  "naturalKey" | "check" | "diff" | "create" | "find" | "read" | "update" | "delete"
> {
  naturalKey?(inputs: Inputs): string;
  check?(inputs: Inputs): Promise<object>;
  create(inputs: Inputs): Promise<TypedMade>;
  find?(inputs: Inputs): Promise<TypedMade | undefined>;
  /**
   * The properties that somebody may have changed, as the cloud has them now: those of the inputs in the inputs' shape, and
   * of the outputs only such as never change by themselves.
   */
  read?(old: TypedExisting<Inputs>): Promise<object | undefined>;
  update?(old: TypedExisting<Inputs>, inputs: Inputs): Promise<object>;
  delete(old: TypedExisting<Inputs>): Promise<void>;
}

export interface TypedMade {
  id: string;
  outputs: object;
}

export type TypedExisting<Inputs> = Omit<Existing, "inputs"> & { inputs: Inputs };

/** Turns a typed handler into one the engine calls. */
export function typedHandler<Inputs>(spec: TypedHandler<Inputs>): Handler {
  const read = (inputs: Props): Inputs => inputs as unknown as Inputs;
  const readOld = (old: Existing): TypedExisting<Inputs> => ({ ...old, inputs: read(old.inputs) });
  const { naturalKey, check, create, find, read: readLive, update, delete: remove, ...rest } = spec;
  const handler: Handler = {
    ...rest,
    create: async (_urn, inputs) => made(await create(read(inputs))),
    delete: (old) => remove(readOld(old)),
  };
  if (naturalKey !== undefined) handler.naturalKey = (inputs) => naturalKey(read(inputs));
  if (check !== undefined) handler.check = async (_urn, inputs) => asProps(await check(read(inputs)));
  if (update !== undefined) handler.update = async (old, inputs) => asProps(await update(readOld(old), read(inputs)));
  if (find !== undefined) {
    handler.find = async (_urn, inputs) => {
      const found = await find(read(inputs));
      return found === undefined ? undefined : made(found);
    };
  }
  if (readLive !== undefined) {
    handler.read = async (old) => {
      const found = await readLive(readOld(old));
      return found === undefined ? undefined : liveOf(old, asProps(found));
    };
  }
  return handler;
}

/** Holds what was found against the state. A property that the state knows nothing of is no difference. */
export function liveOf({ inputs, outputs }: Pick<Existing, "inputs" | "outputs">, found: Props): Live {
  const known = { ...outputs, ...inputs };
  const compared = Object.fromEntries(Object.entries(found).filter(([key]) => key in known));
  const before = Object.fromEntries(Object.keys(compared).map((key) => [key, known[key] ?? null]));
  const changes = changesBetween(before, compared, "free");
  const differing = new Set(changes.map(({ path }) => parsePath(path)[0]));
  const changed = Object.fromEntries(Object.entries(compared).filter(([key]) => differing.has(key)));
  return { inputs: withoutNulls({ ...inputs, ...changed }), outputs: { ...outputs, ...changed }, changes };
}

const made = ({ id, outputs }: TypedMade): Made => ({ id, outputs: asProps(outputs) });

/** JSON of an object; what has no value is null, so that nobody takes it for unknown. */
export function asProps(object: object): Props {
  return JSON.parse(JSON.stringify(object, (_key, value: unknown) => (value === undefined ? null : value))) as Props;
}

/** Copy with all keys in snake case, as most of Cloudflare's API wants them. */
export function snakeCased(value: Value): Value {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCased(item),
    ]),
  );
}

/** Undoes `snakeCased`. */
export function camelCased(value: Value): Value {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      camelCased(item),
    ]),
  );
}

/** The part of an answer that the state has too: a cloud shows more of an object than anybody has set. */
export function asFarAsKnown(known: Value | undefined, live: Value | undefined): Value {
  if (live === undefined) return null;
  if (!isObject(known) || !isObject(live)) return live;
  return Object.fromEntries(Object.entries(known).map(([key, inner]) => [key, asFarAsKnown(inner, live[key])]));
}
