import { runtime } from "@pulumi/pulumi";

/**
 * How property values look on the wire between engine and provider: a value that a preview cannot know yet is a fixed
 * word, a secret is an object with a signature around its value. The SDK's provider server hands both over unchanged.
 */
const { unknownValue, specialSigKey, specialSecretSig } = runtime;

export type Properties = Readonly<Record<string, unknown>>;

export const isUnknown = (value: unknown): boolean => value === unknownValue;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isSecret = (value: unknown): value is { value: unknown } =>
  isObject(value) && value[specialSigKey] === specialSecretSig;

/** The plain values. They are for the request to Cloudflare alone: never log or return them as they are. */
export function unwrap(value: unknown): unknown {
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map(unwrap);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
  return value;
}

function holdsSecret(value: unknown): boolean {
  return isSecret(value) || (isObject(value) && Object.values(value).some(holdsSecret));
}

/** What a provider gives back: every property that came with a secret in it goes back as a secret, whole. */
export function sealLike(inputs: Properties, outs: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outs).map(([key, value]) => [
      key,
      holdsSecret(inputs[key]) ? { [specialSigKey]: specialSecretSig, value } : value,
    ]),
  );
}
