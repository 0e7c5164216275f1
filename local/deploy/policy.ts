import {
  unknownCheckingProxy,
  UnknownValueError,
  type Policies,
  type PolicyResource,
  type PolicyResourceOptions,
  type ReportViolation,
  type ResourceValidationArgs,
} from "@pulumi/policy";
import type { Declared } from "./engine/registration";
import { plain, type Props } from "./engine/values";
import { DeployError, messageOf } from "./errors";
import type { PolicyResult } from "./events";

type Policy = Policies[number];
/** Classes of Pulumi's SDKs carry their type. */
const TYPE_KEY = "__pulumiType";
type ResourceClass = { new (...rest: never[]): unknown; [TYPE_KEY]?: string };

/** Thrown by a rule that says it does not apply; @pulumi/policy has its own, which it does not export. */
class NotApplicable extends Error {}

/**
 * Runs the rules over the resources of a plan, as Pulumi's policy server would over a preview. A rule that touches a value
 * that is not known yet says nothing of that resource: it is run again, with the value, by the next preview.
 */
export async function judge(
  policies: Policies,
  declared: readonly Declared[],
  stackUrn: string,
): Promise<PolicyResult[]> {
  const results: PolicyResult[] = [];
  const resources = policyResources(declared);
  for (const policy of policies) {
    const level = policy.enforcementLevel ?? "mandatory";
    if (level === "disabled") continue;
    const report = (resource: string): ReportViolation => {
      return (message, urn) => {
        const found = level === "advisory" ? "advisory" : "mandatory";
        results.push({ rule: policy.name, resource: urn ?? resource, level: found, message });
      };
    };
    if ("validateStack" in policy) {
      const args = { resources, ...common() };
      await run(policy, stackUrn, async () => policy.validateStack(args, report(stackUrn)));
    }
    if (!("validateResource" in policy)) continue;
    const validations = [policy.validateResource ?? []].flat();
    for (const resource of resources) {
      const args = { ...resource, ...common() } as ResourceValidationArgs;
      for (const validation of validations) {
        await run(policy, resource.urn, async () => validation(args, report(resource.urn)));
      }
    }
  }
  return results;
}

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

const common = () => ({
  stackTags: new Map<string, string>(),
  getConfig: <T extends object>() => ({}) as T,
  notApplicable: (reason?: string): never => {
    throw new NotApplicable(reason);
  },
});

function policyResources(declared: readonly Declared[]): PolicyResource[] {
  const byUrn = new Map(declared.map((resource) => [resource.urn, policyResource(resource)]));
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

function policyResource(declared: Declared): PolicyResource {
  const { type, urn, name, inputs } = declared;
  const props = unknownCheckingProxy(plain(inputs) as Props) as Record<string, unknown>;
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

/** The refusal that lists every mandatory violation; undefined when there is none. */
export function violationError(results: readonly PolicyResult[]): DeployError | undefined {
  const mandatory = results.filter((result) => result.level === "mandatory");
  if (mandatory.length === 0) return undefined;
  const lines = mandatory.map(({ rule, resource, message }) => `- ${rule}: ${message} (${resource})`);
  return new DeployError("POLICY_VIOLATED", `policies refuse the deployment; nothing was made:\n${lines.join("\n")}`);
}
