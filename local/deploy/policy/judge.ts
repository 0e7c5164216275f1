import {
  unknownCheckingProxy,
  UnknownValueError,
  type Policies,
  type PolicyResource,
  type PolicyResourceOptions,
  type ReportViolation,
  type ResourceValidationArgs,
} from "@pulumi/policy";
import type { Declared } from "../engine/registration";
import { plain, type Props } from "../engine/values";
import { DeployError, messageOf } from "../errors";
import type { PolicyResult } from "../events";
import type { PolicyConfig } from "./config";

type Policy = Policies[number];
/** Classes of Pulumi's SDKs carry their type. */
const TYPE_KEY = "__pulumiType";
type ResourceClass = { new (...rest: never[]): unknown; [TYPE_KEY]?: string };

/** Thrown by a rule that says it does not apply; @pulumi/policy has its own, which it does not export. */
class NotApplicable extends Error {}

/** What the policies of a run judge. */
export interface Judged {
  readonly policies: Policies;
  readonly config: PolicyConfig;
  readonly declared: readonly Declared[];
  /** The stack itself, with the program's outputs. */
  readonly stack: Pick<Declared, "urn" | "type" | "name"> & { readonly outputs: Props };
}

/**
 * Runs the policies over the resources of a plan, as Pulumi's policy server would over a preview: those of resources over
 * what the program declares, those of the stack over what is promised to come of it. A policy that touches a value that is not
 * known yet says nothing of that resource: it is run again, with the value, by the next preview.
 */
export async function judge({ policies, config, declared, stack }: Judged): Promise<PolicyResult[]> {
  const results: PolicyResult[] = [];
  const root: Declared = { ...NOTHING_DECLARED, ...stack };
  const [byInputs, byOutputs] = [
    policyResources([root, ...declared], inputsOf),
    policyResources([root, ...declared], outputsOf),
  ];
  for (const policy of policies) {
    const level = levelOf(policy, config);
    if (level === "disabled") continue;
    const report = (resource: string): ReportViolation => {
      return (message, urn) => {
        const found = level === "advisory" ? "advisory" : "mandatory";
        results.push({ rule: policy.name, resource: urn ?? resource, level: found, message });
      };
    };
    const common = commonArgs(config[policy.name]?.properties ?? {});
    if ("validateStack" in policy) {
      const args = { resources: byOutputs, ...common };
      await run(policy, stack.urn, async () => policy.validateStack(args, report(stack.urn)));
    }
    if (!("validateResource" in policy)) continue;
    const validations = [policy.validateResource ?? []].flat();
    for (const resource of byInputs) {
      const args = { ...resource, ...common } as ResourceValidationArgs;
      for (const validation of validations) {
        await run(policy, resource.urn, async () => validation(args, report(resource.urn)));
      }
    }
  }
  return results;
}

/** What was set of the policy, or of all, over what the policy says itself. */
const levelOf = ({ name, enforcementLevel }: Policy, config: PolicyConfig): string =>
  config[name]?.level ?? config["all"]?.level ?? enforcementLevel ?? "mandatory";

const inputsOf = ({ inputs }: Declared): Props => inputs;
const outputsOf = ({ inputs, outputs }: Declared): Props => outputs ?? inputs;

/** The stack declares nothing of its own. */
const NOTHING_DECLARED = {
  custom: false,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  retainOnDelete: false,
  deleteBeforeReplace: undefined,
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
};

async function run(policy: Policy, resource: string, validation: () => Promise<void>): Promise<void> {
  try {
    await validation();
  } catch (error) {
    if (error instanceof UnknownValueError || error instanceof NotApplicable) return;
    throw new DeployError("POLICY_VIOLATED", `the policy ${policy.name} broke on ${resource}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const commonArgs = (properties: Readonly<Record<string, unknown>>) => ({
  stackTags: new Map<string, string>(),
  getConfig: <T extends object>() => ({ ...properties }) as T,
  notApplicable: (reason?: string): never => {
    throw new NotApplicable(reason);
  },
});

function policyResources(declared: readonly Declared[], propsOf: (of: Declared) => Props): PolicyResource[] {
  const byUrn = new Map(declared.map((resource) => [resource.urn, policyResource(resource, propsOf(resource))]));
  for (const { urn, dependencies, parent, propertyDependencies } of declared) {
    const resource = byUrn.get(urn)!;
    const known = (urns: readonly string[]) => urns.flatMap((other) => byUrn.get(other) ?? []);
    resource.dependencies = known(dependencies);
    resource.propertyDependencies = Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [property, known(urns)]),
    );
    const above = parent === undefined ? undefined : byUrn.get(parent);
    if (above !== undefined) resource.parent = above;
  }
  return [...byUrn.values()];
}

function policyResource(declared: Declared, values: Props): PolicyResource {
  const { type, urn, name } = declared;
  const props = unknownCheckingProxy(plain(values) as Props) as Record<string, unknown>;
  const isType = (resourceClass: ResourceClass): boolean => resourceClass[TYPE_KEY] === type;
  const resource = {
    type,
    urn,
    name,
    props,
    opts: resourceOptions(declared),
    dependencies: [],
    propertyDependencies: {},
    isType,
    asType: (resourceClass: ResourceClass) => (isType(resourceClass) ? props : undefined),
  };
  return resource as unknown as PolicyResource;
}

function resourceOptions(declared: Declared): PolicyResourceOptions {
  return {
    protect: declared.protect,
    ignoreChanges: [...declared.ignoreChanges],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [...declared.additionalSecretOutputs],
    ...(declared.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: declared.deleteBeforeReplace }),
    ...(declared.parent === undefined ? {} : { parent: declared.parent }),
  };
}
