import { DeployError, messageOf } from "../errors";
import type { OnEvent, Step } from "../events";
import { NotReady, type Handler, type Handlers, type Made } from "../handlers/handler";
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
      const { registered, notReady } = await this.#create(work);
      if (decision.op === "replace" && !decision.deleteBeforeReplace) old!.delete = true;
      await this.options.save();
      if (notReady !== undefined) throw notReady;
      return registered;
    });
  }

  /** Deletes; `takenAlong` leaves that to the deletion of what the resource lives in. */
  async remove(step: Step, resource: ResourceState, takenAlong: boolean): Promise<void> {
    await this.#timed(step, () => this.#delete(resource, takenAlong));
  }

  async #create({ step: { urn }, wanted, inputs }: Work): Promise<{ registered: Registered; notReady?: NotReady }> {
    const { state, save } = this.options;
    const handler = this.handler(wanted.type, urn);
    const { type, name, parent, dependencies } = wanted;
    const pending = { urn, type, name, inputs, dependencies, ...(parent === undefined ? {} : { parent }) };
    state.pending.push(pending);
    await save(); // before the call: a crash in the middle of it must leave a trace
    const settle = (): void => void (state.pending = state.pending.filter((other) => other !== pending));
    let outcome: Outcome;
    try {
      outcome = await outcomeOf(handler.create(urn, handler.acceptsSecrets === true ? inputs : plain(inputs)));
    } catch (error) {
      if (handler.isRefusal?.(error) === true) {
        settle();
        await save();
      }
      throw error;
    }
    settle();
    const { made, notReady } = outcome;
    const outputs = hideSecrets(handler, wanted, inputs, made.outputs);
    const record = newRecord(urn, wanted, { id: made.id, inputs, outputs });
    if (notReady !== undefined) record.initErrors = [...notReady.reasons];
    state.resources.push(record);
    return { registered: { urn, id: made.id, outputs }, ...(notReady === undefined ? {} : { notReady }) };
  }

  async #update({ step: { urn }, wanted, inputs, old }: Work): Promise<Registered> {
    const handler = this.handler(wanted.type, urn);
    const given = handler.acceptsSecrets === true ? inputs : plain(inputs);
    const before = existing(handler, old!);
    const update = handler.update!(before, given).then((outputs): Made => ({ id: before.id, outputs }));
    const { made, notReady } = await outcomeOf(update);
    const outputs = hideSecrets(handler, wanted, inputs, made.outputs);
    Object.assign(old!, { inputs, outputs });
    if (notReady === undefined) delete old!.initErrors;
    else old!.initErrors = [...notReady.reasons];
    describe(old!, wanted);
    await this.options.save();
    if (notReady !== undefined) throw notReady;
    return { urn, id: old!.id!, outputs };
  }

  async #delete(resource: ResourceState, takenAlong = false): Promise<void> {
    const { state, save } = this.options;
    if (resource.custom && !resource.retainOnDelete && !takenAlong) {
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
      if (cause instanceof NotReady) {
        const after = "It is kept, and the next up goes on with it";
        throw new DeployError("NOT_READY", `${step.urn} is there and does not work: ${message} ${after}`, { cause });
      }
      throw new DeployError("STEP_FAILED", `${step.op} of ${step.urn} failed: ${message}`, { cause });
    }
  }
}

/** What a call made, with what is wrong with it where it does not work. */
interface Outcome {
  made: Made;
  notReady?: NotReady;
}

async function outcomeOf(call: Promise<Made>): Promise<Outcome> {
  try {
    return { made: await call };
  } catch (error) {
    if (error instanceof NotReady) return { made: error.made, notReady: error };
    throw error;
  }
}

function hideSecrets(handler: Handler, wanted: Registration, inputs: Props, outputs: Props): Props {
  return markSecrets(outputs, inputs, [...(handler.secretOutputs ?? []), ...wanted.additionalSecretOutputs]);
}
