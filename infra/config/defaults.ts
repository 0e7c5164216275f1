/** `shop` is the stack of one merchant; `prod` is the one that refuses what only a rehearsal may have. */
export const ENVIRONMENTS = ["dev", "staging", "prod", "shop"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a setting is where the stack file leaves it out, for the settings in which environments differ. */
export const ENVIRONMENT_DEFAULTS = {
  "pool.verify.enabled": { dev: false, staging: true, prod: true, shop: true },
  "identity.unsignedLinks": { dev: true, staging: true, prod: false, shop: false },
  "debug.enabled": { dev: true, staging: true, prod: false, shop: false },
  protect: { dev: false, staging: false, prod: true, shop: false },
} as const satisfies Record<string, Record<Environment, boolean>>;
export type EnvironmentDefault = keyof typeof ENVIRONMENT_DEFAULTS;

/** A default in words: `true in prod; false in dev, staging and shop`. */
export function inEachEnvironment(key: EnvironmentDefault): string {
  const where = (value: boolean): string =>
    ENVIRONMENTS.filter((environment) => ENVIRONMENT_DEFAULTS[key][environment] === value)
      .join(", ")
      .replace(/, (?=[^,]*$)/, " and ");
  return `true in ${where(true)}; false in ${where(false)}`;
}
