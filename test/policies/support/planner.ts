import path from "node:path";
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { run } from "../../../local/deploy/deploy";
import { createHandlers } from "../../../local/deploy/handlers";
import { projectProgram } from "../../../local/deploy/program/load";
import { readStackConfig } from "../../../local/deploy/stack/project";
import { withSurroundings } from "../../../local/deploy/stack/settings";
import type { Policy } from "../../../policies/policy";
import type { Resource } from "../../../policies/rule";
import { readable } from "../../../policies/values";
import type { Plan } from "./plan";

const ROOT = path.join(__dirname, "../../..");

/** Plans a stack whose file is in `folder`, with no cloud, no token and no state. */
export async function planIn(folder: string, stack: string): Promise<Plan> {
  const inputs: Resource[] = [];
  const outputs: Resource[] = [];
  const look: Policy[] = [
    {
      name: "look-at-inputs",
      description: "Takes down what it sees.",
      validateResource: (args) => void inputs.push(seen(args)),
    },
    {
      name: "look-at-outputs",
      description: "Takes down what it sees.",
      validateStack: ({ resources }) => void outputs.push(...resources.map(seen)),
    },
  ];
  await run({
    operation: "preview",
    project: "wandstore",
    stack,
    stateDir: folder,
    cloud: undefined,
    config: withSurroundings(readStackConfig(folder, "wandstore", stack, true), "wandstore", undefined, {}),
    program: projectProgram(ROOT, "infra"),
    handlers: createHandlers({
      projectDir: ROOT,
      programDir: path.join(ROOT, "infra"),
      cloud: undefined,
      signal: undefined,
    }),
    functions: new Map(),
    policies: look,
    onEvent: () => {},
  });
  return { inputs, outputs };
}

const seen = ({ type, name, urn, opts, props }: ResourceValidationArgs | PolicyResource): Resource => ({
  type,
  name,
  urn,
  isProtected: opts.protect,
  props: readable(props),
});
