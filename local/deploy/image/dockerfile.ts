import { DockerfileParser, type Arg, type From, type Instruction } from "dockerfile-ast";
import { apply } from "./instructions";
import { lineOf, Refusal } from "./refusal";
import { begin, continued, type ImageRecipe, type Stage } from "./stage";
import { expand } from "./variables";

export type { ImageRecipe };

/**
 * Reads what the last stage of a Dockerfile is made of. Stages, `COPY --from` one of them, ARG and variables are carried out.
 * What would need a running container (RUN), a download (ADD) or another image's files is refused with its line: such an image
 * takes a real Docker engine. It may stand in a stage of which nothing is needed. The one thing that is left out is a folder
 * that the last stage names as its `NODE_COMPILE_CACHE`: Node runs the same without it, and fills it anew.
 *
 * @param args build arguments by name, over the defaults of ARG.
 */
export function readDockerfile(text: string, args: Readonly<Record<string, string>> = {}): ImageRecipe {
  const globals = new Map<string, string>();
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    const stage = stages.at(-1);
    if (keyword === "FROM") stages.push(beginStage(instruction as From, stages, globals));
    else if (stage !== undefined) applyTo(stage, instruction, { stages: stages.slice(0, -1), globals, args });
    else if (keyword === "ARG") declareGlobal(instruction as Arg, globals, args);
  }
  const last = stages.at(-1);
  if (last === undefined) throw new Error("the Dockerfile has no FROM; begin it with the base image");
  if (last.refusal !== undefined) throw last.refusal;
  return last.recipe;
}

function declareGlobal(arg: Arg, globals: Map<string, string>, args: Readonly<Record<string, string>>): void {
  const property = arg.getProperty();
  const value = args[property?.getName() ?? ""] ?? property?.getValue();
  if (property && value !== null && value !== undefined) globals.set(property.getName(), expand(value, globals, arg));
}

function beginStage(from: From, stages: readonly Stage[], globals: ReadonlyMap<string, string>): Stage {
  const image = from.getImage();
  if (image === null) throw new Error(`line ${lineOf(from)} of the Dockerfile (FROM) names no image`);
  const name = from.getBuildStage()?.toLowerCase();
  const expanded = expand(image, globals, from);
  const parent = stages.find((stage) => stage.name === expanded.toLowerCase());
  return parent === undefined ? begin(name, expanded) : continued(parent, name);
}

/** What cannot be carried out is held against the stage, which may not be needed. */
function applyTo(stage: Stage, instruction: Instruction, scope: Parameters<typeof apply>[2]): void {
  try {
    apply(stage, instruction, scope);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    stage.refusal ??= error;
  }
}
