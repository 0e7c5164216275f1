/**
 * A group as Miniflare's options: every Worker with its bindings, and one Worker of ours that is bound to all data, through which
 * the API reads and writes it.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Log, LogLevel, type MiniflareOptions, type ModuleDefinition, type WorkerOptions } from "miniflare";
import type { ContainerEngine } from "../engine";
import { dataWorker } from "./data-worker";
import type { GroupPlan } from "./plan";
import type { Storage } from "./storage";
import { tailsOf, tailWorker, type Tracing } from "./tracing";
import type { DurableObjectClass, HostBinding, WorkerModule, WorkerSpec } from "./types";

/** What `request.cf` says: a visitor whose place is unknown. Given, so that Miniflare asks no outside host for it. */
export const REQUEST_CF = { colo: "LOC", country: "XX", timezone: "UTC", httpProtocol: "HTTP/1.1", asn: 0 };

const MODULE_TYPES = {
  esm: "ESModule",
  json: "ESModule", // workerd's own JSON modules have no type in Miniflare
  cjs: "CommonJS",
  text: "Text",
  data: "Data",
  wasm: "CompiledWasm",
} as const;
/** Modules are named by their place under a root, which need not exist. */
const MODULES_ROOT = path.resolve("/worker");
const LOOPBACK = "127.0.0.1";

export interface OptionsContext {
  storage: Storage;
  /** Present where a Worker of the group has containers. */
  engine: ContainerEngine | undefined;
  log: (line: string) => void;
  tracing: Tracing;
}

/**
 * @throws Error where a binding names a Worker or a class that nobody declared, or a module cannot be read
 */
export async function miniflareOptions(plan: GroupPlan, context: OptionsContext): Promise<MiniflareOptions> {
  const workers = await Promise.all(plan.workers.map((spec) => workerOptions(spec, plan, context.engine)));
  const ids = (kind: string) => {
    return [...plan.keys].filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1));
  };
  return {
    ...context.storage.persistence,
    host: LOOPBACK,
    port: 0,
    cf: REQUEST_CF,
    log: new WarningLog(context.log),
    structuredWorkerdLogs: true,
    handleStructuredLogs({ message }: { message: string }) {
      context.log(message); // and no value: Miniflare throws on one
    },
    workers: [dataWorker(ids), ...(workers.length > 0 ? [tailWorker(context.tracing)] : []), ...workers],
  };
}

async function workerOptions(
  spec: WorkerSpec,
  plan: GroupPlan,
  engine: ContainerEngine | undefined,
): Promise<WorkerOptions> {
  const of = <T extends HostBinding["type"]>(type: T) => {
    return spec.bindings.filter((binding): binding is Extract<HostBinding, { type: T }> => binding.type === type);
  };
  const boundClasses = new Set(
    of("durableObject").map(({ scriptName, className }) => `${scriptName ?? spec.name}/${className}`),
  );
  return {
    name: spec.name,
    compatibilityDate: spec.compatibilityDate,
    compatibilityFlags: spec.compatibilityFlags,
    modulesRoot: MODULES_ROOT,
    modules: await modulesOf(spec),
    kvNamespaces: byName(of("kv"), (binding) => binding.namespaceId),
    d1Databases: byName(of("d1"), (binding) => binding.databaseId),
    r2Buckets: byName(of("r2"), (binding) => binding.bucketName),
    bindings: {
      ...byName(of("text"), (binding) => binding.text),
      ...(byName(of("json"), (binding) => binding.json) as Record<string, never>),
    },
    serviceBindings: byName(of("service"), ({ name, service, entrypoint }) => {
      return { name: findWorker(plan, service, spec, name).name, entrypoint };
    }),
    durableObjects: byName(of("durableObject"), ({ name, className, scriptName = spec.name }) => {
      const owner = findWorker(plan, scriptName, spec, name);
      const found = owner.durableObjects.find((one) => one.className === className);
      if (found === undefined) {
        throw new Error(
          `binding ${name} of Worker ${spec.name}: ${scriptName} has no Durable Object class ${className}`,
        );
      }
      return { ...designator(found), scriptName: owner === spec ? undefined : scriptName };
    }),
    additionalUnboundDurableObjects: spec.durableObjects
      .filter(({ className }) => !boundClasses.has(`${spec.name}/${className}`))
      .map(designator),
    containerEngine: engine?.miniflareOption,
    ...tailsOf(spec),
    // A socket of the Worker's own: without Miniflare's entry Worker between, which also has a back door to the bindings.
    unsafeDirectSockets: [{ host: LOOPBACK, port: 0 }],
  };
}

function byName<B extends HostBinding, V>(bindings: B[], value: (binding: B) => V): Record<string, V> {
  return Object.fromEntries(bindings.map((binding) => [binding.name, value(binding)]));
}

function designator({ className, namespaceId, sqlite, container }: DurableObjectClass) {
  return {
    className,
    useSQLite: sqlite,
    unsafeUniqueKey: namespaceId,
    container: container && { imageName: namespaceId }, // the engine knows the image
  };
}

function findWorker(plan: GroupPlan, wanted: string, from: WorkerSpec, binding: string): WorkerSpec {
  const found = plan.workers.find((spec) => spec.name === wanted);
  if (found === undefined) {
    throw new Error(`binding ${binding} of Worker ${from.name} names the Worker ${wanted}, which is not deployed`);
  }
  return found;
}

/** The modules with the main one first, as workerd wants them. */
function modulesOf(spec: WorkerSpec): Promise<ModuleDefinition[]> {
  const main = spec.modules.filter(({ name }) => name === spec.mainModule);
  if (main.length === 0) {
    const names = spec.modules.map(({ name }) => name).join(", ");
    throw new Error(`Worker ${spec.name} has no module ${spec.mainModule} (its modules: ${names})`);
  }
  const rest = spec.modules.filter(({ name }) => name !== spec.mainModule);
  return Promise.all([...main, ...rest].map(moduleDefinition));
}

async function moduleDefinition({ name, type, path: file }: WorkerModule): Promise<ModuleDefinition> {
  const contents = await readFile(file);
  const wrapped =
    type === "json" ? `export default ${JSON.stringify(JSON.parse(contents.toString("utf8")))};` : contents;
  return { type: MODULE_TYPES[type], path: path.join(MODULES_ROOT, name), contents: wrapped };
}

/** Miniflare's own warnings, such as a compatibility date that this workerd does not know yet, as lines of the host's log. */
class WarningLog extends Log {
  readonly #line: (line: string) => void;

  constructor(line: (line: string) => void) {
    super(LogLevel.WARN);
    this.#line = line;
  }

  protected override log(message: string): void {
    this.#line(stripVTControlCharacters(message));
  }
}
