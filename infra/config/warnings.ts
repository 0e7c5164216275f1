import { LLM_KEY_VARIABLES } from "../../runtime/contract/llm";
import type { Settings } from "./complete";
import { howToSet, SECRET_SETTINGS, type SecretSetting } from "./secrets";

/**
 * What can be deployed and may still not be meant: one sentence each, for the program to log.
 *
 * @param secretNames the secrets that the stack has, by the variable the Worker reads (keys of `StackConfig.secrets`).
 */
export function warningsOf(settings: Settings, secretNames: readonly string[]): string[] {
  return [
    ...aboutModels(settings, secretNames),
    ...aboutAlerts(settings, secretNames),
    ...aboutProtection(settings),
    ...aboutRollback(settings),
    ...aboutRotation(settings, secretNames),
  ];
}

function aboutModels({ llm: { providers } }: Settings, secretNames: readonly string[]): string[] {
  const has = (kind: keyof typeof LLM_KEY_VARIABLES): boolean => secretNames.includes(LLM_KEY_VARIABLES[kind]);
  const keyless = providers.flatMap(({ kind, model }, index) =>
    has(kind)
      ? []
      : `llm.providers[${index}] (${kind}, ${model}) has no key and is left out; \`${howToSet(keyOf(kind))}\``,
  );
  if (providers.length > 0 && keyless.length === providers.length) {
    keyless.push("No model can be asked: the template makes every page.");
  }
  const kinds = Object.keys(LLM_KEY_VARIABLES) as (keyof typeof LLM_KEY_VARIABLES)[];
  const idle = kinds.filter((kind) => has(kind) && !providers.some((provider) => provider.kind === kind));
  return [
    ...keyless,
    ...idle.map((kind) => `${keyOf(kind)} is not used: llm.providers names no model of kind ${kind}.`),
  ];
}

/** The config key that holds the key of a kind of provider. */
function keyOf(kind: keyof typeof LLM_KEY_VARIABLES): string {
  const settings: [string, SecretSetting][] = Object.entries(SECRET_SETTINGS);
  return settings.find(([, { variable }]) => variable === LLM_KEY_VARIABLES[kind])![0];
}

const aboutAlerts = ({ alerts }: Settings, secretNames: readonly string[]): string[] =>
  alerts.email.length > 0 && !secretNames.includes("ALERT_WEBHOOK_URL")
    ? [
        `alerts.email hears of Cloudflare's incidents alone: nobody is told of alerts on the stack's own figures; \`${howToSet("alertWebhookUrl")}\``,
      ]
    : [];

const aboutProtection = ({ environment, protect }: Settings): string[] =>
  environment === "prod" && !protect
    ? ["protect is false: after this update nothing keeps the shops' data from being deleted. Set it back when done."]
    : [];

function aboutRollback({ rollback, image, worker }: Settings): string[] {
  if (rollback === undefined) return [];
  const idle = [...(image ? ["image.ref"] : []), ...(worker.rollout < 100 ? ["worker.rollout"] : [])];
  const without = idle.length > 0 ? ` ${idle.join(" and ")} wait${idle.length === 1 ? "s" : ""} until then.` : "";
  return [`The stack stays at release ${rollback.release} until \`wandstore rollback --clear\`.${without}`];
}

/** The secrets that the deployment makes are counted; one that the stack gives is not among them. */
function aboutRotation({ rotation }: Settings, secretNames: readonly string[]): string[] {
  const keys = Object.keys(rotation) as (keyof Settings["rotation"])[];
  const idle = keys.filter((key) => {
    const { variable } = SECRET_SETTINGS[key];
    return rotation[key] > 1 && variable !== undefined && secretNames.includes(variable);
  });
  return idle.map(
    (key) => `rotation.${key} has no effect: the stack gives ${key} itself. Rotate it with \`${howToSet(key)}\`.`,
  );
}
