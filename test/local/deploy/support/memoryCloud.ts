import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Props } from "../../../../local/deploy/engine/values";
import { run, type Deployment, type DeployResult } from "../../../../local/deploy/deploy";
import type { DeployEvent } from "../../../../local/deploy/events";
import type { Handler } from "../../../../local/deploy/handlers/handler";
import type { StackState } from "../../../../local/deploy/state/stackState";

const THING = "test:index:Thing";

export interface ThingArgs {
  /** Can be changed in place. */
  value?: pulumi.Input<unknown>;
  /** Cannot. */
  fixed?: pulumi.Input<unknown>;
}

/** A resource of a type that only these tests know. `mark` is given by the cloud. */
class Thing extends pulumi.CustomResource {
  declare readonly mark: pulumi.Output<string>;
  constructor(name: string, args: ThingArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super(THING, name, { ...args, mark: undefined }, opts);
  }
}

/** Declares a resource, as a program does. */
export const thing = (...args: ConstructorParameters<typeof Thing>): Thing => new Thing(...args);

export class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
    this.registerOutputs({});
  }
}

/** A cloud that is a list, and a stack in it. What was called is in `calls`, in order. */
export class MemoryStack {
  readonly stateDir = mkdtempSync(path.join(tmpdir(), "wand-deploy-"));
  readonly calls: string[] = [];
  readonly there = new Map<string, Props>();
  readonly events: DeployEvent[] = [];
  #made = 0;

  readonly handler: Handler = {
    replaceOn: ["fixed"],
    stableOutputs: ["mark"],
    create: async (urn, inputs) => {
      this.#call("create", urn, inputs);
      const id = `id-${++this.#made}`;
      const outputs = { ...inputs, mark: `mark-${this.#made}` };
      this.there.set(id, outputs);
      return { id, outputs };
    },
    update: async ({ urn, id, outputs }, inputs) => {
      this.#call("update", urn, inputs);
      const updated = { ...outputs, ...inputs };
      this.there.set(id, updated);
      return updated;
    },
    delete: async ({ urn, id, inputs }) => {
      this.#call("delete", urn, inputs);
      this.there.delete(id);
    },
  };

  /** A value of `refuse` makes the cloud refuse, a value of `note` is only noted. */
  #call(op: string, urn: string, inputs: Props): void {
    this.calls.push(`${op} ${urn.split("::").at(-1)}`);
    if (inputs.value === "refuse") throw new Error("the cloud is full");
  }

  run(
    operation: Deployment["operation"],
    program: () => unknown,
    more: Partial<Deployment> = {},
  ): Promise<DeployResult> {
    const cloud = { apiUrl: "", edgeUrl: "", registryUrl: "", accountId: "memory", apiToken: "" };
    return run({
      operation,
      project: "shop",
      stack: "dev",
      stateDir: this.stateDir,
      cloud,
      config: { values: { "shop:key": "hush-hush-key" }, secretKeys: ["shop:key"] },
      program,
      handlers: new Map([[THING, this.handler]]),
      functions: new Map(),
      policies: [],
      onEvent: (event) => this.events.push(event),
      ...more,
    });
  }

  get file(): string {
    return path.join(this.stateDir, "stacks/dev.json");
  }

  state(): StackState {
    return JSON.parse(readFileSync(this.file, "utf8")) as StackState;
  }

  remove(): void {
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
