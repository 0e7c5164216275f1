import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { toPolicy } from "../../policies/policy";
import { foundIn, type Rule } from "../../policies/rule";

/** Pulumi's word for a text that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a rule sees it; what a test does not say is of no interest to any rule. */
export interface Judged {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  readonly protect?: boolean;
  readonly stack?: string;
}

function resource({ type, name = "thing", props, protect = false, stack = "dev" }: Judged): object {
  return {
    type,
    name,
    props,
    urn: `urn:pulumi:${stack}::wandstore::${type}::${name}`,
    opts: { protect, ignoreChanges: [], aliases: [], customTimeouts: {}, additionalSecretOutputs: [] },
  };
}

const common = (config: object) => ({
  stackTags: new Map<string, string>(),
  getConfig: <T>() => config as T,
  notApplicable: (): never => {
    throw new Error("no rule asks for this");
  },
});

/** What a rule finds on one resource, with the thresholds that are set. */
export async function judge(rule: Rule, judged: Judged, config: object = {}): Promise<string[]> {
  const policy = toPolicy(rule);
  if (!("validateResource" in policy)) throw new Error(`${rule.name} is a rule of stacks`);
  const messages: string[] = [];
  for (const validate of [policy.validateResource].flat()) {
    const args = { ...resource(judged), ...common(config) } as unknown as ResourceValidationArgs;
    await validate?.(args, (message) => messages.push(foundIn(rule, message)));
  }
  return messages;
}

/** What a rule finds on a whole stack: what was found and the resource's name. */
export async function judgeStack(
  rule: Rule,
  judged: readonly Judged[],
  config: object = {},
): Promise<[string, string][]> {
  const policy = toPolicy(rule);
  if (!("validateStack" in policy)) throw new Error(`${rule.name} is a rule of resources`);
  const found: [string, string][] = [];
  const resources = judged.map((each) => resource(each) as PolicyResource);
  await policy.validateStack({ resources, ...common(config) }, (message, urn = "") =>
    found.push([foundIn(rule, message), urn.split("::").at(-1) ?? ""]),
  );
  return found;
}

/** A version of a Worker with plain-text variables. */
export const versionWith = (variables: Readonly<Record<string, string>>, more: object = {}): Judged => ({
  type: "wandstore:index:WorkerVersion",
  name: "version",
  props: {
    bindings: Object.entries(variables).map(([name, text]) => ({ type: "plain_text", name, text })),
    ...more,
  },
});
