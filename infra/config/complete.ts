import { ENVIRONMENT_DEFAULTS, type EnvironmentDefault } from "./defaults";
import type { GivenSettings } from "./settings";

/** Fills in what depends on the environment, or on another setting. */
export function complete({ worker, pool, identity, debug, protect, ...rest }: GivenSettings) {
  const usual = (key: EnvironmentDefault): boolean => ENVIRONMENT_DEFAULTS[key][rest.environment];
  return {
    ...rest,
    worker: { ...worker, subdomain: worker.subdomain ?? worker.domain === undefined },
    pool: { ...pool, verify: { ...pool.verify, enabled: pool.verify.enabled ?? usual("pool.verify.enabled") } },
    identity: { unsignedLinks: identity.unsignedLinks ?? usual("identity.unsignedLinks") },
    debug: { enabled: debug.enabled ?? usual("debug.enabled") },
    protect: protect ?? usual("protect"),
  };
}

/** A stack's config, complete: every default filled in. Lengths of time are in the unit that the name says. */
export type Settings = Readonly<ReturnType<typeof complete>>;
