import { CloudflareError } from "../../../infra/cloudflare";
import type { PushImage } from "../../../infra/providers/context";
import { NotReadyError } from "../../../infra/providers/errors";
import { createProvider, resourceOf } from "../../../infra/providers/provider";
import { changedPaths, changesBetween } from "../engine/diff";
import { parsePath } from "../engine/propertyPath";
import { plain, secret, type Props } from "../engine/values";
import { connection, type HandlerContext } from "./context";
import { NotReady, type Existing, type Handler, type Live } from "./handler";

/** Outputs that tell what is live where no input does: an image under its tag, an address. */
export const LIVE_OUTPUTS: readonly string[] = ["digest", "url"];

/**
 * Resources of our own provider: the very code that the Pulumi CLI calls, with the values in the form in which the CLI
 * hands them over.
 *
 * @param connect makes the provider that reaches the cloud.
 */
export function wandstoreResource(
  context: HandlerContext,
  pushImage: PushImage,
  connect: typeof createProvider = createProvider,
): Handler {
  const { projectDir: root, signal } = context;
  const call = { signal };
  const provider = (): ReturnType<typeof createProvider> => {
    const { apiUrl, apiToken } = connection(context);
    return connect({ baseUrl: apiUrl, apiToken, root, pushImage });
  };
  // Judging and comparing call no API, so an offline preview can do both.
  const offline = createProvider({ baseUrl: "http://127.0.0.1:0", apiToken: "", root });
  const liveChanges = ({ urn, inputs, outputs }: Existing, live: Pick<Live, "inputs" | "outputs">): Live["changes"] => {
    // As a preview would judge it if the program were what the state says: what is silent there is no difference here.
    const counting = new Set(offline.changes(urn, live.outputs, inputs).map(({ path }) => parsePath(path)[0]));
    const ofInputs = changesBetween(inputs, live.inputs, "free").filter(({ path }) => counting.has(parsePath(path)[0]));
    return [...ofInputs, ...changesBetween(livePart(outputs), livePart(live.outputs), "free")];
  };
  return {
    acceptsSecrets: true,
    replaceOn: [],
    async check(urn, inputs, old) {
      const { inputs: checked, failures = [] } = await offline.check(urn, old?.inputs ?? {}, inputs);
      if (failures.length === 0) return sealed(urn, (checked ?? inputs) as Props);
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
    },
    async diff(old, inputs) {
      const { id, urn, outputs, inputs: oldInputs } = old;
      const found = await offline.diff(id, urn, outputs, inputs, oldInputs);
      const stables = found.stables ?? [];
      if (found.changes !== true) return { changed: [], replaces: [], stables };
      const replaces = found.replaces ?? [];
      const counting = new Set(offline.changes(urn, outputs, inputs, oldInputs).map(({ path }) => parsePath(path)[0]));
      const paths = changedPaths(oldInputs, inputs).filter((path) => counting.has(parsePath(path)[0]));
      return {
        changed: paths.length > 0 ? paths : replaces,
        replaces,
        stables,
        ...(found.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: found.deleteBeforeReplace }),
      };
    },
    async create(urn, inputs) {
      const { id, outs } = await unlessNotReady(provider().create(urn, inputs, call), inputs);
      return { id, outputs: (outs ?? {}) as Props };
    },
    isRefusal: (error) => error instanceof CloudflareError && !error.outcomeUnknown,
    async find(urn, inputs) {
      const found = await provider().find(urn, inputs);
      return found && { id: found.id, outputs: (found.outs ?? {}) as Props };
    },
    async read(old) {
      const { id, props = {}, inputs = {} } = await provider().read(old.id, old.urn, old.outputs, call);
      if (id === "") return undefined;
      const live = { inputs: inputs as Props, outputs: props as Props };
      return { ...live, changes: liveChanges(old, live) };
    },
    async update(old, inputs) {
      const { outs } = await unlessNotReady(provider().update(old.id, old.urn, old.outputs, inputs, call), inputs);
      return (outs ?? {}) as Props;
    },
    async delete(old: Existing) {
      await provider().delete(old.id, old.urn, old.outputs, call);
    },
  };
}

const livePart = (outputs: Props): Props =>
  Object.fromEntries(Object.entries(plain(outputs)).filter(([key]) => LIVE_OUTPUTS.includes(key)));

/** Inputs in which those that the schema calls secret are, whatever the program passed. */
function sealed(urn: string, inputs: Props): Props {
  const { secrets } = resourceOf(urn);
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, secrets.has(key) ? secret(value) : value]),
  );
}

/** Says in the engine's words that something is there and does not work. */
async function unlessNotReady<T>(call: Promise<T>, inputs: Props): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    throw new NotReady({ id: error.id, outputs: { ...inputs, ...(error.outputs as Props) } }, error.reasons);
  }
}
