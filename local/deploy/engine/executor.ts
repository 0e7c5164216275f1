import { DeployError, messageOf } from "../errors";
import type { OnEvent, Step } from "../events";
import type { Handler, Handlers, Made } from "../handlers/handler";
import type { ResourceState, StackState } from "../state/stackState";
import type { Decision } from "./decide";
import { existing } from "./existing";
import { describe, newRecord } from "./records";
import type { Registered, Registration } from "./registration";
import { markSecrets, plain, type Props } from "./values";

export interface ExecutorOptions {
  state: StackState;
  handlers: Handlers;
  /** Writes the state; called before and after each change of the cloud. */
  save(): Promise<void>;
  onEvent: OnEvent;
  now: () => number;
}

/** A resource that something is done with, and how. */
export interface Work {
  step: Step;
  wanted: Registration;
  /** Checked, with nothing unknown. */
  inputs: Props;
  old: ResourceState | undefined;
  decision: Decision;
}

/** Does what was decided, and keeps the state true at every moment. */
export class Executor {
  constructor(private readonly options: ExecutorOptions) {}

  /** @throws DeployError for a type that nobody can make */
  handler(type: string, urn: string): Handler {
    const handler = this.options.handlers.get(type);
    if (handler !== undefined) return handler;
    throw new DeployError(
      "BAD_RESOURCE",
      `${urn}: the embedded deployment does not know the type ${type}; it knows ${[...this.options.handlers.keys()].join(", ")}`,
    );
  }

  /** Creates, updates or replaces. What was replaced stays in the state until `remove`, its users being moved first. */
  async make(work: Work): Promise<Registered> {
    const { step, old, decision } = work;
    return this.#timed(step, async () => {
      if (decision.op === "update") return this.#update(work);
      if (decision.op === "replace" && decision.deleteBeforeReplace) await this.#delete(old!);
      const made = await this.#create(work);
      if (decision.op === "replace" && !decision.deleteBeforeReplace) old!.delete = true;
      await this.options.save();
      return made;
    });
  }

  async remove(step: Step, resource: ResourceState): Promise<void> {
    await this.#timed(step, () => this.#delete(resource));
  }

  async #create({ step: { urn }, wanted, inputs }: Work): Promise<Registered> {
    const { state, save } = this.options;
    const handler = this.handler(wanted.type, urn);
    const { type, name, parent, dependencies } = wanted;
    const pending = { urn, type, name, inputs, dependencies, ...(parent === undefined ? {} : { parent }) };
    state.pending.push(pending);
    await save(); // before the call: a crash in the middle of it must leave a trace
    const settle = (): void => void (state.pending = state.pending.filter((other) => other !== pending));
    let made: Made;
    try {
      made = await handler.create(urn, handler.acceptsSecrets === true ? inputs : plain(inputs));
    } catch (error) {
      if (handler.isRefusal?.(error) === true) {
        settle();
        await save();
      }
      throw error;
    }
    settle();
    const outputs = hideSecrets(handler, wanted, inputs, made.outputs);
    state.resources.push(newRecord(urn, wanted, { id: made.id, inputs, outputs }));
    return { urn, id: made.id, outputs };
  }

  async #update({ step: { urn }, wanted, inputs, old }: Work): Promise<Registered> {
    const handler = this.handler(wanted.type, urn);
    const given = handler.acceptsSecrets === true ? inputs : plain(inputs);
    const outputs = hideSecrets(handler, wanted, inputs, await handler.update!(existing(handler, old!), given));
    Object.assign(old!, { inputs, outputs });
    describe(old!, wanted);
    await this.options.save();
    return { urn, id: old!.id!, outputs };
  }

  async #delete(resource: ResourceState): Promise<void> {
    const { state, save } = this.options;
    if (resource.custom && !resource.retainOnDelete) {
      const handler = this.handler(resource.type, resource.urn);
      await handler.delete(existing(handler, resource));
    }
    state.resources = state.resources.filter((other) => other !== resource);
    await save();
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
}

function hideSecrets(handler: Handler, wanted: Registration, inputs: Props, outputs: Props): Props {
  return markSecrets(outputs, inputs, [...(handler.secretOutputs ?? []), ...wanted.additionalSecretOutputs]);
}
