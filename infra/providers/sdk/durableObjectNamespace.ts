import type * as pulumi from "@pulumi/pulumi";
import type { DurableObjectNamespaceInputs, DurableObjectNamespaceOutputs } from "../resources/durableObjectNamespace";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** The namespace of a Durable Object class of a deployed Worker. */
export class DurableObjectNamespace extends WandStoreResource {
  declare readonly namespaceId: pulumi.Output<string>;

  constructor(name: string, args: ArgsOf<DurableObjectNamespaceInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof DurableObjectNamespaceOutputs, undefined> = { namespaceId: undefined };
    super("DurableObjectNamespace", name, { ...args, ...outputs }, opts);
  }
}
