import { runtime } from "@pulumi/pulumi";

/**
 * How property values look on the wire between engine and provider: a value that a preview cannot know yet is a fixed
 * word, a secret is an object with a signature around its value. The SDK's provider server hands both over unchanged.
 */
const { unknownValue, specialSigKey, specialSecretSig } = runtime;

export type Properties = Readonly<Record<string, unknown>>;

export const isUnknown = (value: unknown): boolean => value === unknownValue;

/** What stands for a value that a preview cannot know yet. */
export const UNKNOWN: string = unknownValue;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isSecret = (value: unknown): value is { value: unknown } =>
  isObject(value) && value[specialSigKey] === specialSecretSig;

/**
 * The plain values, without nulls: to us they are the same as nothing. They are for the request to Cloudflare alone: never log
 * or return them as they are.
 */
export function unwrap(value: unknown): unknown {
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, unwrap(inner)] as const])),
  );
}

function holdsSecret(value: unknown): boolean {
  return isSecret(value) || (isObject(value) && Object.values(value).some(holdsSecret));
}

export const seal = (value: unknown): unknown =>
  isSecret(value) ? value : { [specialSigKey]: specialSecretSig, value };

/**
 * What a provider gives back: what came as a secret goes back as one, and so does what is one by its schema. In an object only the
 * parts that are secret are sealed, in a list all of it: its elements may have moved.
 *
 * @param always paths of what is secret by its schema, such as `verification.token`.
 */
export function sealLike(
  inputs: Properties,
  outs: Properties,
  always: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  return sealObject(inputs, outs, always, "");
}

function sealObject(came: Properties, goes: Properties, always: ReadonlySet<string>, at: string) {
  const sealPart = (key: string, value: unknown): unknown => {
    if (always.has(at + key) || isSecret(came[key])) return seal(value);
    const [part, path] = [came[key] ?? {}, `${at}${key}.`];
    if (isOpen(part) && isOpen(value)) return sealObject(part, value, always, path);
    return holdsSecret(part) ? seal(value) : value;
  };
  return Object.fromEntries(Object.entries(goes).map(([key, value]) => [key, sealPart(key, value)]));
}

const isOpen = (value: unknown): value is Properties => isObject(value) && !isSecret(value) && !Array.isArray(value);

/** The text of every secret in there, to keep them out of messages. */
export function secretTexts(value: unknown, isInSecret = false): string[] {
  if (isSecret(value)) return secretTexts(value.value, true);
  if (isObject(value)) return Object.values(value).flatMap((inner) => secretTexts(inner, isInSecret));
  return isInSecret && typeof value === "string" && !isUnknown(value) ? [value] : [];
}
