/** Physical names of everything a stack owns: `wandstore-{stack}-{part}`. Pure, so that tools and tests can ask too. */
export interface Names {
  /** Titles of the KV namespaces, by binding. */
  readonly kv: { UI_CACHE: string; GENERATION_QUEUE: string; SHOPPER_SESSIONS: string; STORES: string };
  readonly database: string;
  readonly bucket: string;
  readonly worker: string;
  /** The container application. */
  readonly generator: string;
  /** Notification policies and their destinations. */
  readonly alerts: string;
}

/** A Worker's name is a DNS label (63); what we put around the stack's name takes 26 of it. */
const STACK_PATTERN = /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,35}$/;

/** The repository of the generator's image. It has no stack in it: an image is built once and promoted by digest. */
export const IMAGE_REPOSITORY = "wandstore-generator";

/** @throws RangeError when Cloudflare could not take names made from `stack`. */
export function namesOf(stack: string): Names {
  if (!STACK_PATTERN.test(stack)) {
    throw new RangeError(
      `The stack is called "${stack}". Its name becomes part of host and bucket names, so it may have at most 36 ` +
        "lower-case letters, digits and single hyphens. Rename it with `pulumi stack rename`.",
    );
  }
  const name = (part: string): string => `wandstore-${stack}-${part}`;
  return {
    kv: {
      UI_CACHE: name("ui-cache"),
      GENERATION_QUEUE: name("generation-queue"),
      SHOPPER_SESSIONS: name("shopper-sessions"),
      STORES: name("stores"),
    },
    database: name("db"),
    bucket: name("generated-ui"),
    worker: name("storefront"),
    generator: name("generator"),
    alerts: name("alerts"),
  };
}
