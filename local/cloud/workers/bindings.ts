/** Bindings of a Worker version: what is accepted, what is kept, what is shown, what the host is told. */
import { z } from "zod";
import { checked, nameText } from "../validation";
import { errors, INVALID_INPUT } from "../refusals";
import type { HostBinding } from "../host";
import type { SecretBox } from "../state/secretBox";
import type { State, StoredBinding, VersionDoc } from "../state/model";

/** developers.cloudflare.com/workers/platform/limits: a variable holds at most 5 KB, a version at most 128 of them. */
const MAX_TEXT_BYTES = 5120;
const MAX_TEXTS = 128;
const TEXTS = new Set<string>(["plain_text", "secret_text", "json"]);
/** The one environment that is left (OpenAPI description of a service binding; cloudflare/terraform-provider-cloudflare#7281). */
const DEFAULT_ENVIRONMENT = "production";

const name = nameText(255);
const Binding = z.discriminatedUnion("type", [
  z.object({ name, type: z.literal("kv_namespace"), namespace_id: z.string() }),
  z.object({ name, type: z.literal("d1"), database_id: z.string().optional(), id: z.string().optional() }),
  z.object({ name, type: z.literal("r2_bucket"), bucket_name: z.string(), jurisdiction: z.string().optional() }),
  z.object({ name, type: z.literal("plain_text"), text: z.string() }),
  z.object({ name, type: z.literal("secret_text"), text: z.string() }),
  z.object({ name, type: z.literal("json"), json: z.unknown() }),
  z.object({
    name,
    type: z.literal("durable_object_namespace"),
    class_name: z.string().min(1).optional(),
    script_name: z.string().optional(),
    namespace_id: z.string().optional(),
  }),
  z.object({
    name,
    type: z.literal("service"),
    service: z.string(),
    entrypoint: z.string().optional(),
    environment: z.string().optional(),
  }),
  z.object({ name, type: z.literal("version_metadata") }),
  z.object({ name, type: z.literal("inherit"), old_name: z.string().optional(), version_id: z.string().optional() }),
]);
type Binding = z.infer<typeof Binding>;

const KNOWN_TYPES = new Set<string>(Binding.options.map((option) => option.shape.type.value));

/** The bindings of an upload, with those of the latest version that it keeps: all of these types, unless it names their name. */
export function withKept(
  input: readonly unknown[],
  keptTypes: readonly string[],
  previous: VersionDoc | undefined,
): unknown[] {
  const given = new Set(input.map((one) => (one as { name?: unknown }).name));
  const kept = (previous?.bindings ?? []).filter(({ name: old, type }) => keptTypes.includes(type) && !given.has(old));
  return [...input, ...kept.map(({ name: old }) => ({ name: old, type: "inherit" }))];
}

/** Checks the shape of each binding and seals its secret. @param previous the version that `inherit` refers to */
export function readBindings(
  input: readonly unknown[],
  previous: VersionDoc | undefined,
  state: State,
  secrets: SecretBox,
): StoredBinding[] {
  const seen = new Set<string>();
  const bindings = input.map((one, index): StoredBinding => {
    const { type } = checked(z.object({ type: z.string() }), one, INVALID_INPUT.workers);
    if (!KNOWN_TYPES.has(type)) throw errors.unsupported(`bindings of type '${type}'`);
    const binding = checked(Binding, one, INVALID_INPUT.workers);
    if (seen.has(binding.name))
      throw errors.invalidUpload(`bindings.${index}: the name '${binding.name}' is used twice`);
    seen.add(binding.name);
    return stored(binding, previous, state, secrets);
  });
  checkCount(bindings);
  return bindings;
}

/** Refuses more variables and secrets than a version may have. */
export function checkCount(bindings: readonly StoredBinding[]): void {
  const { length } = bindings.filter(({ type }) => TEXTS.has(type));
  if (length > MAX_TEXTS) {
    throw errors.invalidUpload(`${length} variables and secrets; at most ${MAX_TEXTS} are allowed`);
  }
}

function stored(binding: Binding, previous: VersionDoc | undefined, state: State, secrets: SecretBox): StoredBinding {
  switch (binding.type) {
    case "secret_text":
      return sealedSecret(binding.name, binding.text, secrets);
    case "plain_text":
      checkText(binding);
      return binding;
    case "json":
      checkText({ name: binding.name, text: JSON.stringify(binding.json) ?? "" });
      return binding;
    case "d1":
      return {
        name: binding.name,
        type: "d1",
        database_id: binding.database_id ?? binding.id ?? "",
        ...(binding.id === undefined ? {} : { id: binding.id }),
      };
    case "inherit": {
      const oldName = binding.old_name ?? binding.name;
      const inherited = previous?.bindings.find((old) => old.name === oldName);
      if (!inherited) throw errors.bindingInherit(oldName);
      return { ...inherited, name: binding.name };
    }
    case "durable_object_namespace":
      return durableObject(binding, state);
    default:
      return binding;
  }
}

/** A secret as it is kept. */
export function sealedSecret(bindingName: string, text: string, secrets: SecretBox): StoredBinding {
  checkText({ name: bindingName, text });
  return { name: bindingName, type: "secret_text", sealed: secrets.seal(text) };
}

function checkText(binding: { name: string; text: string }): void {
  const bytes = Buffer.byteLength(binding.text);
  if (bytes > MAX_TEXT_BYTES) throw errors.bindingText(binding.name, bytes, MAX_TEXT_BYTES);
}

/** A class is named by itself, or (as the API answers it) by the id of its namespace. */
function durableObject(binding: Extract<Binding, { type: "durable_object_namespace" }>, state: State): StoredBinding {
  const { script_name } = binding;
  const namespace = binding.namespace_id === undefined ? undefined : state.namespaces.get(binding.namespace_id);
  const class_name = binding.class_name ?? namespace?.className;
  if (!class_name) throw errors.bindingClass(binding.namespace_id ?? "");
  return { name: binding.name, type: "durable_object_namespace", class_name, ...(script_name ? { script_name } : {}) };
}

/** Refuses a binding to something that does not exist. @param classes the Durable Object classes the Worker itself has */
export function checkReferences(
  bindings: readonly StoredBinding[],
  worker: { name: string },
  classes: ReadonlySet<string>,
  state: State,
): void {
  for (const binding of bindings) {
    switch (binding.type) {
      case "kv_namespace":
        if (!state.kv.get(binding.namespace_id)) throw errors.bindingKv(binding.namespace_id);
        break;
      case "d1":
        if (!state.d1.get(binding.database_id)) throw errors.bindingD1(binding.name, binding.database_id);
        break;
      case "r2_bucket":
        if (state.r2.get(binding.bucket_name)?.jurisdiction !== (binding.jurisdiction ?? "default")) {
          throw errors.bindingR2(binding.bucket_name);
        }
        break;
      case "service":
        if (binding.service !== worker.name && !workerNamed(state, binding.service)) {
          throw errors.bindingService(binding.name, binding.service);
        }
        break;
      case "durable_object_namespace":
        checkClass(binding, worker, classes, state);
        break;
    }
  }
}

function checkClass(
  binding: Extract<StoredBinding, { type: "durable_object_namespace" }>,
  worker: { name: string },
  classes: ReadonlySet<string>,
  state: State,
): void {
  const script = binding.script_name ?? worker.name;
  if (script === worker.name) {
    if (!classes.has(binding.class_name)) throw errors.bindingClass(binding.class_name);
    return;
  }
  const owner = workerNamed(state, script);
  if (!owner) throw errors.bindingClassScript(script);
  const matches = state.namespaces.find(
    (namespace) => namespace.workerId === owner.id && namespace.className === binding.class_name,
  );
  if (!matches) throw errors.bindingClass(binding.class_name);
}

const workerNamed = (state: State, wanted: string) => state.workers.find((worker) => worker.name === wanted);

/**
 * The bindings of a version as the API shows them, in the order of their names: Cloudflare's Terraform provider fills in what
 * it did not know by the place in that order.
 */
export const shownBindings = (version: VersionDoc, workerName: string, state: State): Record<string, unknown>[] =>
  version.bindings
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((binding) => shownBinding(binding, workerName, state));

/** A secret comes without its text, a class with the namespace it has by now, a service with Cloudflare's default. */
function shownBinding(binding: StoredBinding, workerName: string, state: State): Record<string, unknown> {
  if (binding.type === "secret_text") return { name: binding.name, type: binding.type };
  if (binding.type === "service") return { environment: DEFAULT_ENVIRONMENT, ...binding };
  if (binding.type !== "durable_object_namespace") return { ...binding };
  const owner = workerNamed(state, binding.script_name ?? workerName);
  const namespace = state.namespaces.find((one) => one.workerId === owner?.id && one.className === binding.class_name);
  return { ...binding, ...(namespace ? { namespace_id: namespace.id } : {}) };
}

/** What the host binds for a version; secrets are opened here and nowhere else. */
export function hostBinding(binding: StoredBinding, version: VersionDoc, secrets: SecretBox): HostBinding {
  const { name: bindingName } = binding;
  switch (binding.type) {
    case "kv_namespace":
      return { type: "kv", name: bindingName, namespaceId: binding.namespace_id };
    case "d1":
      return { type: "d1", name: bindingName, databaseId: binding.database_id };
    case "r2_bucket":
      return { type: "r2", name: bindingName, bucketName: binding.bucket_name };
    case "plain_text":
      return { type: "text", name: bindingName, text: binding.text };
    case "secret_text":
      return { type: "text", name: bindingName, text: secrets.open(binding.sealed) };
    case "json":
      return { type: "json", name: bindingName, json: binding.json };
    case "durable_object_namespace":
      return {
        type: "durableObject",
        name: bindingName,
        className: binding.class_name,
        ...(binding.script_name ? { scriptName: binding.script_name } : {}),
      };
    case "service":
      return {
        type: "service",
        name: bindingName,
        service: binding.service,
        ...(binding.entrypoint ? { entrypoint: binding.entrypoint } : {}),
      };
    case "version_metadata":
      return {
        type: "json",
        name: bindingName,
        json: { id: version.id, tag: version.annotations["workers/tag"] ?? "", timestamp: version.createdOn },
      };
  }
}
