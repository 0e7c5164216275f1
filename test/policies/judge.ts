import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

/** A resource as a rule sees it; what a test does not say is of no interest to any rule. */
export interface Judged {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  readonly protect?: boolean;
}

function resource({ type, name = "thing", props, protect = false }: Judged): object {
  return {
    type,
    name,
    props,
    urn: `urn:pulumi:dev::wandstore::${type}::${name}`,
    opts: { protect, ignoreChanges: [], aliases: [], customTimeouts: {}, additionalSecretOutputs: [] },
  };
}

/** What a rule says about one resource of the stack `dev`. */
export async function judge(rule: ResourceValidationPolicy, judged: Judged): Promise<string[]> {
  const messages: string[] = [];
  for (const validate of [rule.validateResource].flat()) {
    await validate?.(resource(judged) as ResourceValidationArgs, (message) => messages.push(message));
  }
  return messages;
}

/** What a rule says about a whole stack: message and the resource's name. */
export async function judgeStack(rule: StackValidationPolicy, judged: readonly Judged[]): Promise<[string, string][]> {
  const found: [string, string][] = [];
  const resources = judged.map((each) => resource(each) as PolicyResource);
  const args = { resources, stackTags: new Map<string, string>(), getConfig: <T>() => ({}) as T };
  const notApplicable = (): never => {
    throw new Error("no rule asks for this");
  };
  await rule.validateStack({ ...args, notApplicable }, (message, urn = "") =>
    found.push([message, urn.split("::").at(-1) ?? ""]),
  );
  return found;
}
