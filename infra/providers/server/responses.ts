import type { DiffResult } from "@pulumi/pulumi/provider";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { PropertyChange } from "../differences";
import type { Properties } from "../wire";
import { toStruct } from "./struct";

/** What a check found. */
export function checkResponse(checked: {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}): messages.CheckResponse {
  return new messages.CheckResponse()
    .setInputs(toStruct(checked.inputs))
    .setFailuresList(
      checked.failures.map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(reason),
      ),
    );
}

const { Kind } = messages.PropertyDiff;
const KINDS = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** A difference, with each property that makes it. */
export function diffResponse(diff: DiffResult, changes: readonly PropertyChange[]): messages.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const replaces = diff.replaces ?? [];
  const response = new messages.DiffResponse()
    .setChanges(diff.changes === true ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setStablesList(diff.stables ?? [])
    .setDeletebeforereplace(diff.deleteBeforeReplace ?? false)
    .setDiffsList([...new Set(changes.map(({ path }) => topOf(path)))])
    .setHasdetaileddiff(true);
  for (const { path, kind } of changes) {
    const [inPlace, replacing] = KINDS[kind];
    const property = new messages.PropertyDiff().setKind(replaces.includes(topOf(path)) ? replacing : inPlace);
    response.getDetaileddiffMap().set(path, property);
  }
  return response;
}

/** The property that a path begins with. */
const topOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;
