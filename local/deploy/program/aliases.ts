import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { makeUrn } from "../engine/urn";

/** The names under which a resource may be in the state from before it was renamed or moved. */
export function aliasUrns(request: RegisterResourceRequest, stack: string, project: string): string[] {
  return request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    if (spec === undefined) return alias.getUrn();
    const parent = spec.getNoparent() ? undefined : spec.getParenturn() || request.getParent() || undefined;
    const type = spec.getType() || request.getType();
    const name = spec.getName() || request.getName();
    return makeUrn(spec.getStack() || stack, spec.getProject() || project, parent, type, name);
  });
}
