import { CloudflareError } from "../../../infra/cloudflare";
import { createProvider } from "../../../infra/providers/provider";
import { changedPaths } from "../engine/diff";
import type { Props } from "../engine/values";
import { connection, type HandlerContext } from "./context";
import type { Existing, Handler } from "./handler";

/**
 * Resources of our own provider: the very code that the Pulumi CLI calls, with the values in the form in which the CLI
 * hands them over.
 */
export function wandstoreResource(context: HandlerContext): Handler {
  const provider = (): ReturnType<typeof createProvider> => {
    const { apiUrl, apiToken } = connection(context);
    return createProvider({ baseUrl: apiUrl, apiToken, root: context.projectDir });
  };
  // Judging and comparing call no API, so an offline preview can do both.
  const offline = createProvider({ baseUrl: "http://127.0.0.1:0", apiToken: "", root: context.projectDir });
  return {
    acceptsSecrets: true,
    replaceOn: [],
    async check(urn, inputs, old) {
      const { inputs: checked, failures = [] } = await offline.check(urn, old?.inputs ?? {}, inputs);
      if (failures.length === 0) return (checked ?? inputs) as Props;
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    },
    async diff(old, inputs) {
      const found = await offline.diff(old.id, old.urn, old.outputs, inputs);
      if (found.changes !== true) return { changed: [], replaces: [] };
      const replaces = found.replaces ?? [];
      const paths = changedPaths(old.inputs, inputs);
      return {
        changed: paths.length > 0 ? paths : replaces,
        replaces,
        stables: found.stables ?? [],
        ...(found.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: found.deleteBeforeReplace }),
      };
    },
    async create(urn, inputs) {
      const { id, outs } = await provider().create(urn, inputs);
      return { id, outputs: (outs ?? {}) as Props };
    },
    isRefusal: (error) => error instanceof CloudflareError && !error.outcomeUnknown,
    async find(urn, inputs) {
      const found = await provider().find(urn, inputs);
      return found && { id: found.id, outputs: (found.outs ?? {}) as Props };
    },
    async update(old, inputs) {
      const { outs } = await provider().update(old.id, old.urn, old.outputs, inputs);
      return (outs ?? {}) as Props;
    },
    async delete(old: Existing) {
      await provider().delete(old.id, old.urn, old.outputs);
    },
  };
}
