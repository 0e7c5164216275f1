import { DeployError, messageOf } from "../errors";
import { emptySummary, type ChangeSummary, type Step } from "../events";
import type { Handler } from "../handlers/handler";
import type { ResourceState } from "../state/stackState";
import { decide, UNCHANGED, promised, type Decision } from "./decide";
import { changedPaths } from "./diff";
import { existing } from "./existing";
import { Executor, type ExecutorOptions } from "./executor";
import { deletionOrder, takenAlong } from "./order";
import { withIgnored } from "./propertyPath";
import { describe, identity, newRecord, protectedError, rename } from "./records";
import type { Declared, Registered, Registration } from "./registration";
import { inheritedAliases, makeUrn, parseUrn, PROVIDER_TYPE } from "./urn";
import { hasAsset, hasUnknown, markSecrets, plain, UNKNOWN, withoutNulls, type Props } from "./values";

export interface EngineOptions extends ExecutorOptions {
  /** `plan` decides and makes nothing, `apply` does it. */
  mode: "plan" | "apply";
}

/**
 * Decides for each declared resource what is to be done, has it done, and at the end deletes what is no longer declared. A
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
  /** Older URNs of each declared resource, those that come from its parents included. */
  readonly #aliases = new Map<string, readonly string[]>();
  readonly #executor: Executor;

  constructor(private readonly options: EngineOptions) {
    this.#executor = new Executor(options);
  }

  async register(wanted: Registration): Promise<Registered> {
    const { state, mode } = this.options;
    const urn = makeUrn(state.stack, state.project, wanted.parent, wanted.type, wanted.name);
    if (this.#seen.has(urn)) {
      throw new DeployError("BAD_RESOURCE", `the program declares two resources with the name ${urn}: rename one`);
    }
    const old = this.#take(urn, wanted);
    this.#seen.add(urn);
    this.#checkProvider(urn, wanted);
    if (!wanted.custom) return this.#component(urn, wanted, old);
    const handler = this.#executor.handler(wanted.type, urn);
    const inputs = await this.#check(handler, urn, wanted, old);
    const declared: Declared = { ...wanted, urn, inputs };
    this.declared.push(declared);
    const decision = await decide(handler, old, inputs, wanted);
    const step = this.#note(urn, wanted, decision, old?.initErrors);
    if (decision.op === "replace" && old!.protect) this.#refuse(protectedError("replaced", [urn]));
    if (mode === "plan") {
      const id = decision.op === "same" || decision.op === "update" ? old!.id : undefined;
      const outputs = promised(handler, decision, old, inputs);
      declared.outputs = { ...outputs, id: id ?? UNKNOWN };
      return { urn, outputs, ...(id === undefined ? {} : { id }) };
    }
    if (decision.op === "same") {
      // Inputs that differ without counting are noted, as Pulumi does.
      const noted = changedPaths(old!.inputs, inputs).length > 0;
      if (noted) old!.inputs = inputs;
      if (describe(old!, wanted) || noted) await this.options.save();
      return { urn, id: old!.id!, outputs: old!.outputs };
    }
    if (hasUnknown(inputs)) {
      throw new DeployError("BAD_RESOURCE", `${urn}: a value that it needs is still not known`);
    }
    return this.#executor.make({ step, wanted, inputs, old, decision });
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
    const kept = gone.filter((resource) => resource.protect && resource.delete !== true).map(({ urn }) => urn);
    if (kept.length > 0) this.#refuse(protectedError("deleted", kept));
    const along = takenAlong(gone);
    if (gone.length > 0 && mode === "apply") this.options.onEvent({ kind: "phase", phase: "remove" });
    for (const resource of deletionOrder(gone)) {
      if (signal?.aborted === true) throw new DeployError("INTERRUPTED", "stopped; the state holds what is left");
      const step: Step = { op: "delete", ...identity(resource.urn, resource) };
      if (resource.delete !== true) this.#record(step);
      if (mode === "apply") await this.#executor.remove(step, resource, along.has(resource));
      else if (resource.custom && !resource.retainOnDelete && !along.has(resource))
        this.#executor.handler(resource.type, resource.urn);
    }
  }

  /** The resource of that URN, or of one of its older names, with its state under the new one. */
  #take(urn: string, { aliases, type, name, parent }: Registration): ResourceState | undefined {
    const { state } = this.options;
    const inherited = inheritedAliases({ type, name, aliases }, parent, this.#aliases.get(parent ?? "") ?? []);
    const older = [...aliases, ...inherited];
    this.#aliases.set(urn, older);
    const current = this.#current(urn);
    if (current !== undefined) return current;
    const renamed = older
      .filter((alias) => !this.#seen.has(alias))
      .map((alias) => this.#current(alias))
      .find((found) => found !== undefined);
    if (renamed !== undefined) rename(state, renamed, { urn, type, name });
    return renamed;
  }

  /** An explicit provider has to be declared, and for the package that the resource is of. */
  #checkProvider(urn: string, { type, provider }: Registration): void {
    if (provider === undefined) return;
    const providerUrn = provider.slice(0, provider.lastIndexOf("::"));
    const [packageName] = type.split(":");
    if (this.#seen.has(providerUrn) && parseUrn(providerUrn).type === PROVIDER_TYPE + packageName) return;
    throw new DeployError(
      "BAD_RESOURCE",
      `${urn}: its provider is ${providerUrn}, which is no ${PROVIDER_TYPE}${packageName} of this program`,
    );
  }

  #current(urn: string): ResourceState | undefined {
    return this.options.state.resources.find((resource) => resource.urn === urn && resource.delete !== true);
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
    const { mode, state, save, onEvent } = this.options;
    const step = this.#note(urn, wanted, { op: old === undefined ? "create" : "same", ...UNCHANGED });
    if (mode === "apply" && old === undefined) {
      state.resources.push(newRecord(urn, wanted));
      await save();
      onEvent({ kind: "done", step, ms: 0 }); // there is nothing to wait for
    } else if (mode === "apply" && describe(old!, wanted)) await save();
    return { urn, outputs: {} };
  }

  #note(urn: string, wanted: Registration, { op, diff, replaceReasons }: Decision, notReady?: string[]): Step {
    const step: Step = { op, ...identity(urn, wanted), ...(notReady === undefined ? {} : { notReady }) };
    if (diff.length > 0) step.diff = diff;
    if (replaceReasons.length > 0) step.replaceReasons = replaceReasons;
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
