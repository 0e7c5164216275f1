import { differences } from "../differences";
import { CONFIG, type Config, ownConfig } from "../config";
import { isUnknown, type Properties, sealLike, unwrap } from "../wire";

const SECRET = new Set(["apiToken"]);
/** What the engine keeps among a provider's inputs for itself. */
const OF_THE_ENGINE = ["version", "pluginDownloadURL"];

/**
 * Judges a provider's inputs. The project has this package's name, so its default provider gets the stack's whole config:
 * what is not ours is left out, and then is not in the provider's state either.
 */
export function checkConfig(news: Properties): {
  inputs: Properties;
  failures: { property: string; reason: string }[];
} {
  const own = ownConfig(news);
  const parsed = CONFIG.safeParse(unwrap(own));
  const failures = (parsed.error?.issues ?? [])
    .map(({ path, message }) => ({ property: String(path[0]), reason: message }))
    .filter(({ property }) => !isUnknown(unwrap(own[property])));
  const kept = Object.fromEntries(Object.entries(news).filter(([key]) => OF_THE_ENGINE.includes(key)));
  return { inputs: { ...kept, ...sealLike(own, own, SECRET) }, failures };
}

/** The inputs that differ. None of them makes another provider: what was made is found with any token of the account. */
export function changedConfig(olds: Properties, news: Properties): string[] {
  const [before, after] = [unwrap(ownConfig(olds)) as Properties, unwrap(ownConfig(news)) as Properties];
  return Object.keys(CONFIG.shape).filter((key) => differences(before[key], after[key], key).length > 0);
}

/** @throws Error that names the inputs which are wrong, never with their values. */
export function readConfig(properties: Properties): Config {
  const parsed = CONFIG.safeParse(unwrap(ownConfig(properties)));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  throw new Error(`The config of the wandstore provider is wrong: ${wrong.join("; ")}.`);
}
