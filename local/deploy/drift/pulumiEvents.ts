import { changesBetween, type Change } from "../engine/diff";
import { isSecret, mapValue, secret, SECRET_SHOWN, type Props, type Value } from "../engine/values";
import { LIVE_OUTPUTS } from "../handlers/wandstore";
import type { Found } from "./found";

interface ResourceState {
  id?: string;
  inputs?: Props;
  outputs?: Props;
  ignoreChanges?: string[];
}
interface Metadata {
  op: string;
  urn: string;
  type: string;
  old?: ResourceState | null;
  new?: ResourceState | null;
}
/** A line of the log that the Automation API reads, too (@pulumi/pulumi, automation/events). */
interface EngineEvent {
  resOutputsEvent?: { metadata: Metadata };
}

/** Types of which nothing is anywhere but in the state. */
const STATE_ALONE = /^(pulumi:|random:|docker:|wandstore:infra:)/;
/** Settings of a Worker that somebody may have changed although the program says nothing of them. */
const WORKER_OUTPUTS = ["tags", "logpush", "tailConsumers"];

/**
 * What `pulumi refresh --preview-only` saw, from its log of events: each resource as the state has it, and by what the cloud's
 * differs. The CLI has put `[secret]` for every secret. What a cloud fills in by itself is in no input, and is left out.
 */
export function readEvents(log: string): Found[] {
  const found = new Map<string, Found>();
  for (const line of log.split("\n")) {
    const metadata = line === "" ? undefined : (JSON.parse(line) as EngineEvent).resOutputsEvent?.metadata;
    if (metadata === undefined || STATE_ALONE.test(metadata.type)) continue;
    const { op, urn, type, old } = metadata;
    if (old === undefined || old === null) continue;
    const { id = "", inputs, outputs, ignoreChanges = [] } = { ...old, ...opened(old) };
    const live =
      op === "delete"
        ? ("deleted" as const)
        : op === "same"
          ? []
          : differences(opened(old), opened(metadata.new ?? {}));
    const name = urn.split("::").slice(3).join("::");
    found.set(urn, { urn, type, name, id, dependencies: [], inputs, outputs, ignoreChanges, secretOutputs: [], live });
  }
  const all = [...found.values()];
  return all.map((one) => ({ ...one, dependencies: madeFrom(one, all) }));
}

const namesOf = ({ id, outputs }: Found): Value[] => [id, outputs.name ?? ""].filter((name) => name !== "");

/** The log tells no dependencies: what has another's id or name in its inputs was made from it. */
function madeFrom({ urn, inputs }: Found, all: readonly Found[]): string[] {
  const given = new Set(Object.entries(inputs).flatMap(([key, value]) => (key === "name" ? [] : [value])));
  return all
    .filter((other) => other.urn !== urn && namesOf(other).some((name) => given.has(name)))
    .map((other) => other.urn);
}

interface Opened {
  inputs: Props;
  outputs: Props;
}

/** The log has each secret as a mark with nothing that anybody could read: all of them are alike here. */
const opened = ({ inputs = {}, outputs = {} }: ResourceState): Opened => ({
  inputs: withAlikeSecrets(inputs),
  outputs: withAlikeSecrets(outputs),
});
const withAlikeSecrets = (props: Props): Props =>
  mapValue(props, (value) => (isSecret(value) ? secret(SECRET_SHOWN) : undefined)) as Props;

function differences(old: Opened, live: Opened): Change[] {
  const ofInputs = changesBetween(old.inputs, live.inputs, "free");
  const beside = [...LIVE_OUTPUTS, ...WORKER_OUTPUTS].filter((key) => !(key in old.inputs));
  const part = (outputs: Props): Props =>
    Object.fromEntries(Object.entries(outputs).filter(([key]) => beside.includes(key)));
  return [...ofInputs, ...changesBetween(part(old.outputs), part(live.outputs), "free")];
}
