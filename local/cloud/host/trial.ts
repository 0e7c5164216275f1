/**
 * Trial starts: code is run as far as its own start goes, in a workerd that has none of the data, before a version is made of it.
 * Cloudflare does the same with each upload, and refuses what fails (code 10021).
 *
 * All trials share one workerd, which loads each code as a Worker of its own (developers.cloudflare.com/dynamic-workers): some ten
 * milliseconds in place of a start.
 */
import { createHash } from "node:crypto";
import { Response, type MiniflareOptions } from "miniflare";
import type { Clock } from "../clock";
import { Idleness } from "./idleness";
import { askOwn, ownWorker } from "./own-worker";
import { Runtime } from "./runtime";
import type { TrialResult, TrialSpec } from "./types";

/** Cloudflare allows a second of processor time (…/workers/platform/limits, "Startup time"); this is a busy machine's time. */
const DEADLINE_MS = 15_000;
const TOO_LONG = "Script startup exceeded CPU time limit."; // seen
/** How the loader's error begins where the code is at fault. */
const AT_FAULT = /^Failed to start Worker:\n(?<failure>[^]+)$/;
/** Of a date or a flag that this workerd does not know. */
const UNKNOWN_SETTING = /^(This Worker requires compatibility date|No such compatibility flag|The compatibility flag)/;

const LOADER = ownWorker(`async (request, env) => {
  const { modules, ...code } = await request.json();
  for (const module of Object.values(modules)) {
    for (const kind of ["data", "wasm"]) {
      if (kind in module) module[kind] = Uint8Array.from(atob(module[kind]), (char) => char.charCodeAt(0)).buffer;
    }
  }
  try {
    await env.LOADER.load({ ...code, modules, globalOutbound: null }).getEntrypoint().fetch("http://trial/");
    return new Response();
  } catch (error) {
    return new Response(error.message, { status: 422 });
  }
}`);

/** What a resource or a secret is for a trial: anything at all, so that no start fails for the want of it. */
const envModule = (names: readonly string[]): string => `
import { env } from "cloudflare:workers";
const anything = new Proxy(function () {}, {
  get: (target, key) => (key === Symbol.toPrimitive ? () => "" : key === "then" ? undefined : anything),
  apply: () => anything,
  construct: () => anything,
});
for (const name of ${JSON.stringify(names)}) env[name] = anything;`;

/** The main module of every trial: it answers in place of the code, no handler of which is called. */
const mainModule = (wanted: string): string => `
import "./$env.js";
import ${JSON.stringify(`./${wanted}`)};
export default { fetch: () => new Response() };`;

export interface TrialsOptions {
  clock: Clock;
  idleMs: number;
  log: (line: string) => void;
  inTurn: <T>(start: () => Promise<T>) => Promise<T>;
}

export class Trials {
  readonly #options: TrialsOptions;
  readonly #idle: Idleness;
  /** Digests of code that started, with how long it took; what a shop's hundred Workers have in common is tried once. */
  readonly #passed = new Map<string, number>();
  #runtime: Runtime | undefined;

  constructor(options: TrialsOptions) {
    this.#options = options;
    const { clock, idleMs } = options;
    this.#idle = new Idleness({ clock, idleMs, most: 1, isBusy: () => false, end: (runtime) => void runtime.stop(0) });
  }

  /** Tries a start. Lets pass what it cannot judge: the first request will. */
  async run(spec: TrialSpec): Promise<TrialResult> {
    const digest = digestOf(spec);
    const known = this.#passed.get(digest);
    if (known !== undefined) return { startupTimeMs: known };
    const result = await this.#tried(spec);
    if ("startupTimeMs" in result) this.#passed.set(digest, result.startupTimeMs);
    return result;
  }

  async close(): Promise<void> {
    this.#idle.close();
    await this.#runtime?.stop(0);
  }

  async #tried(spec: TrialSpec): Promise<TrialResult> {
    const broken = spec.modules.flatMap(jsonFailure);
    if (broken[0] !== undefined) return { failure: broken[0] };
    const code = workerCode(spec);
    const runtime = this.#running();
    const leave = runtime.enter();
    try {
      const miniflare = await runtime.ready;
      const begun = performance.now();
      const asked = askOwn(miniflare, code).catch((error: Error) => error);
      const answer = await this.#inTime(asked);
      if (answer instanceof Response && answer.ok) {
        return { startupTimeMs: Math.max(1, Math.round(performance.now() - begun)) };
      }
      if (answer === undefined) return await this.#tooLong(runtime);
      return this.#judged(answer instanceof Error ? answer.message : await answer.text());
    } catch (error) {
      return this.#judged((error as Error).message);
    } finally {
      leave();
    }
  }

  /** Undefined where the answer takes too long. */
  #inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(DEADLINE_MS, () => resolve(undefined));
      void answer.then(resolve).finally(cancel);
    });
  }

  #judged(message: string): TrialResult {
    const failure = AT_FAULT.exec(message)?.groups?.failure;
    if (failure !== undefined) return { failure };
    if (UNKNOWN_SETTING.test(message)) return { failure: message };
    this.#options.log(`a start could not be tried: ${message}`);
    return { startupTimeMs: 1 };
  }

  /** The code has the one thread of its workerd, which has to go. */
  async #tooLong(runtime: Runtime): Promise<TrialResult> {
    await runtime.stop(0);
    return { failure: TOO_LONG };
  }

  #running(): Runtime {
    if (this.#runtime !== undefined && !this.#runtime.ended) return this.#runtime;
    const onIdle = () => this.#idle.begin(runtime);
    const plan = { keys: new Set<never>(), workers: [], fingerprint: "" };
    const runtime = new Runtime({ plan, options: async () => OPTIONS, inTurn: this.#options.inTurn, onIdle });
    this.#runtime = runtime;
    return runtime;
  }
}

/** What the code itself writes is nobody's. */
const OPTIONS: MiniflareOptions = {
  name: "trial",
  host: "127.0.0.1",
  port: 0,
  cf: false,
  compatibilityDate: "2026-01-01",
  modules: true,
  script: LOADER,
  workerLoaders: { LOADER: {} },
  structuredWorkerdLogs: true,
  handleStructuredLogs() {},
};

function digestOf({ mainModule: main, compatibilityDate, compatibilityFlags, modules }: TrialSpec): string {
  const hash = createHash("sha256").update(JSON.stringify([main, compatibilityDate, compatibilityFlags]));
  for (const { name, type, content } of modules) {
    hash.update(JSON.stringify([name, type, content.length])).update(content);
  }
  return hash.digest("base64");
}

/** In the words of the loader's binding. */
function workerCode({
  mainModule: main,
  compatibilityDate,
  compatibilityFlags,
  modules,
  variables,
  others,
}: TrialSpec) {
  return {
    compatibilityDate,
    compatibilityFlags,
    mainModule: "$trial.js",
    env: variables,
    modules: {
      "$trial.js": { js: mainModule(main) },
      "$env.js": { js: envModule(others) },
      ...Object.fromEntries(modules.map((module) => [module.name, loaded(module)])),
    },
  };
}

function jsonFailure({ name, type, content }: TrialSpec["modules"][number]): string[] {
  if (type !== "json") return [];
  try {
    JSON.parse(content.toString("utf8"));
    return [];
  } catch (error) {
    return [`Uncaught SyntaxError: ${(error as Error).message}\n  at ${name}`];
  }
}

function loaded({ type, content }: TrialSpec["modules"][number]): object {
  switch (type) {
    case "esm":
      return { js: content.toString("utf8") };
    case "cjs":
      return { cjs: content.toString("utf8") };
    case "text":
      return { text: content.toString("utf8") };
    case "json":
      return { json: JSON.parse(content.toString("utf8")) as unknown };
    case "data":
    case "wasm":
      return { [type]: content.toString("base64") };
  }
}
