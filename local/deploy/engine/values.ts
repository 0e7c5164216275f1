/**
 * Property values as Pulumi puts them on the wire and into state: JSON with two special shapes, the secret and the
 * unknown. The engine keeps this form throughout, so that neither mark is ever lost.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Props = Record<string, Value>;

// The constants are Pulumi's own (@pulumi/pulumi, runtime/rpc.js).
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURES = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

/** What a secret is shown as. */
export const SECRET_SHOWN = "[secret]";
/** What a value that is not known before the deployment is shown as. */
export const UNKNOWN_SHOWN = "[unknown]";

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: Value | undefined): value is { value: Value } & { [key: string]: Value } =>
  isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;

/** Marks a value as a secret; a secret stays as it is. */
export const secret = (value: Value): Value => (isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value });

/** Builds a copy in which `change` replaced what it answered for; where it answers `undefined` the walk goes deeper. */
export function mapValue(value: Value, change: (value: Value) => Value | undefined): Value {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValue(item, change)]));
}

function contains(value: Value, wanted: (value: Value) => boolean): boolean {
  if (wanted(value)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, wanted));
  return isObject(value) && Object.values(value).some((item) => contains(item, wanted));
}

export const hasUnknown = (value: Value): boolean => contains(value, (v) => v === UNKNOWN);
export const hasSecret = (value: Value): boolean => contains(value, isSecret);
export const hasAsset = (value: Value): boolean =>
  contains(value, (v) => isObject(v) && ASSET_SIGNATURES.includes(String(v[SIGNATURE_KEY])));

/** The value with every secret opened. For calls to a cloud only: the result must never be stored or shown. */
export function plain<T extends Value>(value: T): T {
  return mapValue(value, (v) => (isSecret(v) ? plain(v.value) : undefined)) as T;
}

/** The value as it may be shown: secrets and unknowns by their placeholders. */
export function shown(value: Value): Value {
  return mapValue(value, (v) => (isSecret(v) ? SECRET_SHOWN : v === UNKNOWN ? UNKNOWN_SHOWN : undefined));
}

/**
 * Outputs with the secrets of the inputs marked again: what came back under the name of an input that held a secret is
 * a secret, and so are the outputs named in `always`. Providers are given opened values, as in Pulumi.
 */
export function markSecrets(outputs: Props, inputs: Props, always: readonly string[]): Props {
  const marked = Object.entries(outputs).map(([key, value]) => {
    const input = inputs[key];
    const hide = always.includes(key) || (input !== undefined && hasSecret(input));
    return [key, hide ? secret(value) : value] as const;
  });
  return Object.fromEntries(marked);
}

/** Drops properties that are null: Pulumi and its providers treat them as not given. */
export function withoutNulls(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== null));
}
