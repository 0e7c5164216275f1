import { type Settings, complete } from "./complete";
import { contradictionsIn } from "./contradictions";
import { ConfigError } from "./errors";
import { describe, found, unknownKey } from "./problems";
import { fromPulumi } from "./pulumiValues";
import { isSecretKey, secretProblems } from "./secrets";
import { type GivenSettings, SettingsSchema } from "./settings";
import { settingsShape } from "./shape";

export const NAMESPACE = "wandstore";

/**
 * Reads what a stack file says, without Pulumi.
 *
 * @param raw keys as the stack file has them (`wandstore:pool`), values as Pulumi gives them: strings, objects as JSON,
 *   secrets decrypted. Keys of other namespaces are not ours to judge.
 * @param environment the process's variables; the account may come from `CLOUDFLARE_ACCOUNT_ID`.
 * @param isSecret whether the stack keeps the key's value encrypted: such a value is never repeated in a message.
 * @throws ConfigError with every problem at once: where, what was found, what is allowed.
 */
export function parseSettings(
  raw: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  isSecret: (key: string) => boolean = () => false,
): Settings {
  const given = new Map(ownEntries(raw));
  const isKept = (key: string): boolean => isSecret(`${NAMESPACE}:${key}`);
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const refused = new Set<string>();
  for (const [key, value] of given) {
    const { properties = {} } = settingsShape();
    if (isSecretKey(key)) continue;
    if (Object.hasOwn(properties, key) && !isKept(key)) values[key] = fromPulumi(value, properties[key]);
    else {
      refused.add(key);
      problems.push(Object.hasOwn(properties, key) ? keptInVain(key) : unknownKey([key]));
    }
  }
  if (!given.has("accountId")) values["accountId"] = environment["CLOUDFLARE_ACCOUNT_ID"] || undefined;

  // One by one, so that a mistake in one group hides no contradiction among the others.
  const sound: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(SettingsSchema.shape)) {
    if (refused.has(key)) continue;
    const parsed = schema.safeParse(values[key], { reportInput: true });
    if (parsed.success) sound[key] = parsed.data;
    else problems.push(...parsed.error.issues.flatMap((issue) => describe({ ...issue, path: [key, ...issue.path] })));
  }
  const has = (key: string): boolean => values[key] !== undefined || (isSecretKey(key) && given.has(key));
  for (const { path, found: value, why } of contradictionsIn(sound as Partial<GivenSettings>, has)) {
    problems.push(`${path}: found ${found(value)}; ${why}`);
  }
  for (const [key, value] of given) {
    if (isSecretKey(key)) problems.push(...secretProblems(key, value, isKept(key)));
  }
  if (problems.length > 0) throw new ConfigError("CONFIG_INVALID", problems);
  return complete(sound as GivenSettings);
}

/** What a stack file says of ours, without the namespace. */
function ownEntries(raw: Readonly<Record<string, string>>): [key: string, value: string][] {
  const prefix = `${NAMESPACE}:`;
  return Object.entries(raw).flatMap(([key, value]): [string, string][] =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
  );
}

/** A setting goes into the Worker's variables and the state as it is: whoever made a secret of it expects otherwise. */
const keptInVain = (key: string): string =>
  `${key}: found a secret; this is no secret setting and would be in plain text in the state. Set it without --secret`;
