import type { Props, Value } from "../engine/values";
import type { Existing, Handler, Made } from "./handler";

/** A handler over inputs of a known shape. Pulumi's own classes type what a program can declare, so the shape holds. */
export interface TypedHandler<Inputs> extends Omit<
  Handler,
  "naturalKey" | "check" | "diff" | "create" | "find" | "update" | "delete"
> {
  naturalKey?(inputs: Inputs): string;
  check?(inputs: Inputs): Promise<object>;
  create(inputs: Inputs): Promise<TypedMade>;
  find?(inputs: Inputs): Promise<TypedMade | undefined>;
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
  const { naturalKey, check, create, find, update, delete: remove, ...rest } = spec;
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
  return handler;
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
