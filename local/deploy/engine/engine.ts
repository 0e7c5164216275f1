import { DeployError, messageOf } from "../errors";
import { emptySummary, type ChangeSummary, type OnEvent, type Step } from "../events";
import type { Handler, Handlers } from "../handlers/handler";
import type { ResourceState, StackState } from "../state/stackState";
import { decide, promised, type Decision } from "./decide";
import { withIgnored } from "./diff";
import { existing } from "./existing";
import { deletionOrder } from "./order";
import { makeUrn } from "./urn";
import { hasAsset, hasUnknown, markSecrets, plain, withoutNulls, type Props } from "./values";

/** A resource as the program declares it. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: Props;
  dependencies: string[];
  /** URNs that each input came from. */
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean | undefined;
  ignoreChanges: readonly string[];
  replaceOnChanges: readonly string[];
  additionalSecretOutputs: readonly string[];
  /** URNs that the resource may have had before. */
  aliases: readonly string[];
}

/** What the program is told of it. Without an id it is not known yet. */
export interface Registered {
  urn: string;
  id?: string;
  outputs: Props;
}

export interface EngineOptions {
  /** `plan` decides and makes nothing, `apply` does it. */
  mode: "plan" | "apply";
  state: StackState;
  handlers: Handlers;
  /** Writes the state; called after each change of it. Not called in `plan`. */
  save(): Promise<void>;
  onEvent: OnEvent;
  now: () => number;
}

/** A declared resource with its checked inputs, as the policies see it. */
export type Declared = Omit<Registration, "aliases"> & { urn: string };

/**
 * Decides for each declared resource what is to be done, does it, and at the end deletes what is no longer declared. A
 * program declares a resource only after everything it depends on was answered, so the order of calls is the order of
 * dependencies.
 */
export class Engine {
  readonly declared: Declared[] = [];
  readonly steps: Step[] = [];
  readonly summary: ChangeSummary = emptySummary();
  /** Reasons why the plan cannot be carried out; collected, so that all are told at once. */
  readonly refusals: DeployError[] = [];
  readonly #seen = new Set<string>();

  constructor(private readonly options: EngineOptions) {}

  async register(registration: Registration): Promise<Registered> {
    const { state, mode } = this.options;
    const urn = makeUrn(state.stack, state.project, registration.parent, registration.type, registration.name);
    if (this.#seen.has(urn)) {
      throw new DeployError("BAD_RESOURCE", `the program declares two resources with the name ${urn}: rename one`);
    }
    this.#seen.add(urn);
    const old = this.#take(urn, registration);
    if (!registration.custom) return this.#component(urn, registration, old);
    const handler = this.#handler(registration.type, urn);
    const inputs = await this.#check(handler, urn, registration, old);
    this.declared.push({ ...registration, urn, inputs });
    const decision = await decide(handler, old, inputs, registration);
    const step = this.#note(urn, registration, decision);
    if (decision.op === "replace" && old!.protect) this.#refuse(protectedError("replaced", [urn]));
    if (mode === "apply") return this.#apply(handler, registration, inputs, old, decision, step);
    const id = decision.op === "same" || decision.op === "update" ? old!.id : undefined;
    return { urn, outputs: promised(handler, decision.op, old, inputs), ...(id === undefined ? {} : { id }) };
  }

  /** Outputs of a component, which are known only after its children. */
  async setOutputs(urn: string, outputs: Props): Promise<void> {
    if (this.options.mode === "plan") return;
    const component = this.#current(urn);
    if (component !== undefined) component.outputs = outputs;
    await this.options.save();
  }

  /** Deletes what the program did not declare and what was replaced. `plan` only lists it. */
  async finish(signal?: AbortSignal): Promise<void> {
    const { state, mode } = this.options;
    const gone = state.resources.filter((resource) => resource.delete === true || !this.#seen.has(resource.urn));
    const kept = gone.filter((resource) => resource.protect && resource.delete !== true);
    if (kept.length > 0)
      this.#refuse(
        protectedError(
          "deleted",
          kept.map((resource) => resource.urn),
        ),
      );
    if (gone.length > 0 && mode === "apply") this.options.onEvent({ kind: "phase", phase: "remove" });
    for (const resource of deletionOrder(gone)) {
      if (signal?.aborted === true) throw new DeployError("INTERRUPTED", "stopped; the state holds what is left");
      const step: Step = { op: "delete", ...identity(resource.urn, resource) };
      if (resource.delete !== true) this.#record(step);
      if (mode === "apply") await this.#timed(step, () => this.#delete(resource));
      else if (resource.custom && !resource.retainOnDelete) this.#handler(resource.type, resource.urn);
    }
  }

  /** The resource of that URN, or of one of its older names, with its state under the new one. */
  #take(urn: string, registration: Registration): ResourceState | undefined {
    const current = this.#current(urn);
    if (current !== undefined) return current;
    for (const alias of registration.aliases) {
      const renamed = this.#current(alias);
      if (renamed === undefined) continue;
      renamed.urn = urn;
      renamed.type = registration.type;
      renamed.name = registration.name;
      return renamed;
    }
    return undefined;
  }

  #current(urn: string): ResourceState | undefined {
    return this.options.state.resources.find((resource) => resource.urn === urn && resource.delete !== true);
  }

  #handler(type: string, urn: string): Handler {
    const handler = this.options.handlers.get(type);
    if (handler !== undefined) return handler;
    throw new DeployError(
      "BAD_RESOURCE",
      `${urn}: the embedded deployment does not know the type ${type}; it knows ${[...this.options.handlers.keys()].join(", ")}`,
    );
  }

  async #check(handler: Handler, urn: string, wanted: Registration, old: ResourceState | undefined): Promise<Props> {
    if (hasAsset(wanted.inputs)) {
      throw new DeployError("BAD_RESOURCE", `${urn}: files given as assets are not supported; give their text`);
    }
    const declared = withoutNulls(wanted.inputs);
    const inputs = old === undefined ? declared : withIgnored(old.inputs, declared, wanted.ignoreChanges);
    if (handler.check === undefined) return inputs;
    const given = handler.acceptsSecrets === true ? inputs : plain(inputs);
    try {
      const checked = await handler.check(urn, given, old === undefined ? undefined : existing(handler, old));
      return handler.acceptsSecrets === true ? checked : markSecrets(checked, inputs, []);
    } catch (cause) {
      this.#refuse(new DeployError("BAD_RESOURCE", `${urn}: ${messageOf(cause)}`, { cause }));
      return inputs;
    }
  }

  async #component(urn: string, wanted: Registration, old: ResourceState | undefined): Promise<Registered> {
    const op = old === undefined ? "create" : "same";
    const step = this.#note(urn, wanted, { op, diff: [], replaceReasons: [], deleteBeforeReplace: false });
    const { mode, state, save } = this.options;
    if (mode === "apply" && old === undefined) {
      state.resources.push(resourceState(urn, wanted, undefined, wanted.inputs, {}));
      await save();
      this.options.onEvent({ kind: "done", step, ms: 0 }); // there is nothing to wait for
    } else if (mode === "apply" && describe(old!, wanted)) await save();
    return { urn, outputs: {} };
  }

  async #apply(
    handler: Handler,
    wanted: Registration,
    inputs: Props,
    old: ResourceState | undefined,
    decision: Decision,
    step: Step,
  ): Promise<Registered> {
    const { urn } = step;
    if (decision.op === "same") {
      if (describe(old!, wanted)) await this.options.save();
      return { urn, id: old!.id!, outputs: old!.outputs };
    }
    if (hasUnknown(inputs)) {
      throw new DeployError("BAD_RESOURCE", `${urn}: a value that it needs is still not known`);
    }
    return this.#timed(step, async () => {
      if (decision.op === "update") return this.#update(handler, wanted, inputs, old!);
      if (decision.op === "replace" && decision.deleteBeforeReplace) await this.#delete(old!);
      const made = await this.#create(handler, urn, wanted, inputs);
      if (decision.op === "replace" && !decision.deleteBeforeReplace) old!.delete = true;
      await this.options.save();
      return made;
    });
  }

  async #create(handler: Handler, urn: string, wanted: Registration, inputs: Props): Promise<Registered> {
    const { state, save } = this.options;
    const { type, name, parent, dependencies } = wanted;
    const pending = { urn, type, name, inputs, dependencies, ...(parent === undefined ? {} : { parent }) };
    state.pending.push(pending);
    await save(); // before the call: a crash in the middle of it must leave a trace
    const made = await handler.create(urn, handler.acceptsSecrets === true ? inputs : plain(inputs));
    const outputs = this.#outputs(handler, wanted, inputs, made.outputs);
    state.pending = state.pending.filter((other) => other !== pending);
    state.resources.push(resourceState(urn, wanted, made.id, inputs, outputs));
    return { urn, id: made.id, outputs };
  }

  async #update(handler: Handler, wanted: Registration, inputs: Props, old: ResourceState): Promise<Registered> {
    const given = handler.acceptsSecrets === true ? inputs : plain(inputs);
    const outputs = await handler.update!(existing(handler, old), given);
    old.inputs = inputs;
    old.outputs = this.#outputs(handler, wanted, inputs, outputs);
    describe(old, wanted);
    await this.options.save();
    return { urn: old.urn, id: old.id!, outputs: old.outputs };
  }

  async #delete(resource: ResourceState): Promise<void> {
    const { state, save } = this.options;
    if (resource.custom && !resource.retainOnDelete) {
      const handler = this.#handler(resource.type, resource.urn);
      await handler.delete(existing(handler, resource));
    }
    state.resources = state.resources.filter((other) => other !== resource);
    await save();
  }

  #outputs(handler: Handler, wanted: Registration, inputs: Props, outputs: Props): Props {
    return markSecrets(outputs, inputs, [...(handler.secretOutputs ?? []), ...wanted.additionalSecretOutputs]);
  }

  /** Runs a step, telling when it began and how it ended. */
  async #timed<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const { onEvent, now } = this.options;
    const began = now();
    onEvent({ kind: "started", step });
    try {
      const result = await work();
      onEvent({ kind: "done", step, ms: now() - began });
      return result;
    } catch (cause) {
      const message = messageOf(cause);
      onEvent({ kind: "failed", step, ms: now() - began, message });
      throw new DeployError("STEP_FAILED", `${step.op} of ${step.urn} failed: ${message}`, { cause });
    }
  }

  #note(urn: string, registration: Registration, decision: Decision): Step {
    const step: Step = { op: decision.op, ...identity(urn, registration) };
    if (decision.diff.length > 0) step.diff = decision.diff;
    if (decision.replaceReasons.length > 0) step.replaceReasons = decision.replaceReasons;
    this.#record(step);
    return step;
  }

  #record(step: Step): void {
    this.summary[step.op] += 1;
    if (step.op === "same") return;
    this.steps.push(step);
    if (this.options.mode === "plan") this.options.onEvent({ kind: "planned", step });
  }

  #refuse(error: DeployError): void {
    if (this.options.mode === "apply") throw error;
    this.refusals.push(error);
  }
}

function identity(urn: string, of: { type: string; name: string; parent?: string }): Omit<Step, "op"> {
  return { urn, type: of.type, name: of.name, ...(of.parent === undefined ? {} : { parent: of.parent }) };
}

function resourceState(
  urn: string,
  wanted: Registration,
  id: string | undefined,
  inputs: Props,
  outputs: Props,
): ResourceState {
  const { custom, dependencies, protect, retainOnDelete } = wanted;
  const { type, name, parent } = identity(urn, wanted);
  const state: ResourceState = { urn, type, name, custom, inputs, outputs, dependencies, protect, retainOnDelete };
  if (id !== undefined) state.id = id;
  if (parent !== undefined) state.parent = parent;
  return state;
}

/** Takes over what the program says of a resource beside its inputs; answers whether anything is new. */
function describe(resource: ResourceState, wanted: Registration): boolean {
  const { dependencies, protect, retainOnDelete, parent } = wanted;
  const before = JSON.stringify([resource.dependencies, resource.protect, resource.retainOnDelete, resource.parent]);
  Object.assign(resource, { dependencies, protect, retainOnDelete, ...(parent === undefined ? {} : { parent }) });
  return before !== JSON.stringify([dependencies, protect, retainOnDelete, resource.parent]);
}

/** The refusal to touch protected resources, naming all of them. */
export function protectedError(what: "deleted" | "replaced", urns: readonly string[]): DeployError {
  return new DeployError(
    "PROTECTED",
    `protected resources would be ${what}: ${urns.join(", ")}. ` +
      `Set "protect" to false for them, deploy that, and then try again`,
  );
}
