import { DockerfileParser, type Copy, type Instruction, type JSONInstruction } from "dockerfile-ast";
import path from "node:path";

/** What an image needs that is made without Docker: files of the context, and how the process is started. */
export interface ImageRecipe {
  /** The base image; its files are not fetched, only named. */
  from: string;
  workdir: string;
  copies: { sources: string[]; target: string }[];
  env: string[];
  labels: Record<string, string>;
  ports: string[];
  user: string;
  entrypoint: string[] | undefined;
  cmd: string[] | undefined;
}

/** Instructions that say nothing of the files or the process. */
const IGNORED = new Set(["HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"]);

/**
 * Reads the final stage of a Dockerfile. What would need a running container (RUN), another stage, a download or a
 * variable is refused with its line: such an image takes a real Docker engine.
 */
export function readDockerfile(text: string): ImageRecipe {
  const dockerfile = DockerfileParser.parse(text);
  const lastFrom = dockerfile.getFROMs().at(-1);
  const from = lastFrom?.getImage();
  if (lastFrom === undefined || from === null || from === undefined) {
    throw new Error("the Dockerfile has no FROM; begin it with the base image");
  }
  const recipe: ImageRecipe = {
    from,
    workdir: "/",
    copies: [],
    env: [],
    labels: {},
    ports: [],
    user: "",
    entrypoint: undefined,
    cmd: undefined,
  };
  const begin = lastFrom.getRange().start.line;
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getRange().start.line > begin) apply(recipe, instruction);
  }
  return recipe;
}

function apply(recipe: ImageRecipe, instruction: Instruction): void {
  const keyword = instruction.getKeyword();
  const words = instruction.getArguments().map((argument) => argument.getValue());
  if (IGNORED.has(keyword)) return;
  if (keyword !== "CMD" && keyword !== "ENTRYPOINT" && words.some((word) => word.includes("$"))) {
    throw refusal(instruction, "uses a variable");
  }
  switch (keyword) {
    case "WORKDIR":
      recipe.workdir = path.posix.resolve(recipe.workdir, words[0] ?? "/");
      return;
    case "COPY":
      recipe.copies.push(readCopy(instruction as Copy, recipe.workdir, words));
      return;
    case "ENV":
      recipe.env.push(...readProperties(instruction).map(([name, value]) => `${name}=${value}`));
      return;
    case "LABEL":
      Object.assign(recipe.labels, Object.fromEntries(readProperties(instruction)));
      return;
    case "EXPOSE":
      recipe.ports.push(...words.map((port) => (port.includes("/") ? port : `${port}/tcp`)));
      return;
    case "USER":
      recipe.user = words[0] ?? "";
      return;
    case "CMD":
      recipe.cmd = readCommand(instruction);
      return;
    case "ENTRYPOINT":
      recipe.entrypoint = readCommand(instruction);
      recipe.cmd = undefined; // Docker forgets a CMD that came before
      return;
    default:
      throw refusal(instruction, "is not among FROM, WORKDIR, COPY, ENV, LABEL, EXPOSE, USER, CMD and ENTRYPOINT");
  }
}

function readCopy(copy: Copy, workdir: string, words: string[]): ImageRecipe["copies"][number] {
  if (copy.getFlags().some((flag) => flag.getName() === "from")) throw refusal(copy, "copies from another stage");
  const sources = words.slice(0, -1);
  const last = words.at(-1);
  if (last === undefined || sources.length === 0) throw refusal(copy, "needs a source and a target");
  const folder = last.endsWith("/") || last.endsWith(".") || sources.length > 1;
  return { sources, target: path.posix.resolve(workdir, last) + (folder ? "/" : "") };
}

/** The pairs of an ENV or LABEL. */
function readProperties(instruction: Instruction): (readonly [name: string, value: string])[] {
  const { getProperties } = instruction as Instruction & {
    getProperties(): { getName(): string; getValue(): string | null }[];
  };
  return getProperties.call(instruction).map((property) => [property.getName(), property.getValue() ?? ""] as const);
}

/** The exec form as it is, the shell form through `/bin/sh -c`, as Docker does. */
function readCommand(instruction: Instruction): string[] {
  const strings = (instruction as JSONInstruction).getJSONStrings();
  if (strings.length > 0) return strings.map((string) => string.getJSONValue());
  return ["/bin/sh", "-c", instruction.getRawArgumentsContent() ?? ""];
}

function refusal(instruction: Instruction, why: string): Error {
  const line = instruction.getRange().start.line + 1;
  const what = `line ${line} of the Dockerfile (${instruction.getKeyword()}) ${why}`;
  return new Error(`${what}, which the embedded deployment cannot do without Docker`);
}
