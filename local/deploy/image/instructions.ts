import type { Copy, Instruction } from "dockerfile-ast";
import path from "node:path";
import { Refusal } from "./refusal";
import type { Copied, Stage } from "./stage";
import { expand } from "./variables";

/** What a stage can see besides itself. */
export interface Scope {
  /** The stages before it. */
  stages: readonly Stage[];
  /** Values of the ARGs before the first FROM; a stage has one by declaring it again. */
  globals: ReadonlyMap<string, string>;
  /** Build arguments that were given. */
  args: Readonly<Record<string, string>>;
}

/** Instructions that say nothing of the files or the process. */
const IGNORED = new Set(["HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"]);
/** Flags of `COPY` that change nothing here: the files of a layer are root's and keep their mode. */
const isHarmless = (name: string, value: string | null): boolean =>
  name === "from" || name === "link" || (name === "chown" && /^(root|0)(:(root|0))?$/.test(value ?? ""));
/** Node's own variable for the folder of its compile cache. */
const COMPILE_CACHE = "NODE_COMPILE_CACHE";

/** Carries out one instruction on a stage. @throws {Refusal} */
export function apply(stage: Stage, instruction: Instruction, scope: Scope): void {
  const { recipe, variables } = stage;
  const keyword = instruction.getKeyword();
  const words = (): string[] =>
    instruction.getArguments().map((argument) => expand(argument.getValue(), variables, instruction));
  switch (keyword) {
    case "ARG":
      return declare(stage, instruction, scope);
    case "WORKDIR":
      recipe.workdir = path.posix.resolve(recipe.workdir, words()[0] ?? "/");
      return;
    case "COPY":
      return copy(stage, instruction as Copy, words(), scope.stages);
    case "ENV":
      return setEnvironment(stage, readProperties(instruction, variables));
    case "LABEL":
      Object.assign(recipe.labels, Object.fromEntries(readProperties(instruction, variables)));
      return;
    case "EXPOSE":
      recipe.ports.push(...words().map((port) => (port.includes("/") ? port : `${port}/tcp`)));
      return;
    case "USER":
      recipe.user = words()[0] ?? "";
      return;
    case "CMD":
      recipe.cmd = readCommand(instruction);
      return;
    case "ENTRYPOINT":
      recipe.entrypoint = readCommand(instruction);
      recipe.cmd = undefined; // Docker forgets a CMD that came before
      return;
    default:
      if (IGNORED.has(keyword)) return;
      throw new Refusal(
        instruction,
        "is not among FROM, ARG, WORKDIR, COPY, ENV, LABEL, EXPOSE, USER, CMD and ENTRYPOINT",
      );
  }
}

function declare({ recipe, variables }: Stage, instruction: Instruction, { globals, args }: Scope): void {
  for (const property of propertiesOf(instruction)) {
    const name = property.getName();
    const inline = property.getValue();
    const value = args[name] ?? (inline === null ? globals.get(name) : expand(inline, variables, instruction));
    const isEnvironment = recipe.env.some((pair) => pair.startsWith(`${name}=`)); // which wins in Docker
    if (value !== undefined && !isEnvironment) variables.set(name, value);
  }
}

/** A name that is set again keeps its place and gets the new value, as in Docker. */
function setEnvironment({ recipe, variables }: Stage, pairs: (readonly [name: string, value: string])[]): void {
  for (const [name, value] of pairs) {
    const before = recipe.env.findIndex((pair) => pair.startsWith(`${name}=`));
    recipe.env.splice(before < 0 ? recipe.env.length : before, 1, `${name}=${value}`);
    variables.set(name, value);
  }
}

function copy({ recipe }: Stage, instruction: Copy, words: string[], stages: readonly Stage[]): void {
  const flags = instruction.getFlags();
  const unknown = flags.find((flag) => !isHarmless(flag.getName(), flag.getValue()));
  if (unknown) throw new Refusal(instruction, `has --${unknown.getName()}=${unknown.getValue() ?? ""}`);
  const sources = words.slice(0, -1);
  const last = words.at(-1);
  if (last === undefined || sources.length === 0) throw new Refusal(instruction, "needs a source and a target");
  const folder = last.endsWith("/") || last.endsWith(".") || sources.length > 1;
  const target = path.posix.resolve(recipe.workdir, last) + (folder ? "/" : "");

  const from = flags.find((flag) => flag.getName() === "from")?.getValue();
  if (from === undefined || from === null) recipe.copies.push({ sources, target });
  else recipe.copies.push(...copyFromStage(recipe, instruction, { sources, target }, stageOf(from, stages)));
}

const stageOf = (name: string, stages: readonly Stage[]): Stage | undefined =>
  stages.find((stage) => stage.name === name.toLowerCase()) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);

function copyFromStage(
  recipe: Stage["recipe"],
  instruction: Copy,
  what: Copied,
  stage: Stage | undefined,
): readonly Copied[] {
  if (stage === undefined) throw new Refusal(instruction, "copies from another image");
  if (stage.refusal === undefined) return [{ ...what, stage: stage.recipe }];
  const cache = recipe.env.find((pair) => pair.startsWith(`${COMPILE_CACHE}=`))?.slice(COMPILE_CACHE.length + 1);
  // A cache is there to be missing: the process that finds none does the same, and fills it.
  if (cache && path.posix.resolve(recipe.workdir, cache) === path.posix.resolve(what.target)) return [];
  throw new Refusal(instruction, `copies from a stage whose files only an engine can make (${stage.refusal.message})`);
}

interface PropertyLike {
  getName(): string;
  getValue(): string | null;
}

/** The pairs of an ARG, ENV or LABEL, as they are written. */
const propertiesOf = (instruction: Instruction): PropertyLike[] =>
  (instruction as Instruction & { getProperties(): PropertyLike[] }).getProperties();

const readProperties = (
  instruction: Instruction,
  variables: ReadonlyMap<string, string>,
): (readonly [name: string, value: string])[] =>
  propertiesOf(instruction).map((property) => [
    property.getName(),
    expand(property.getValue() ?? "", variables, instruction),
  ]);

/** The exec form as it is, the shell form through `/bin/sh -c`, as Docker does. */
function readCommand(instruction: Instruction): string[] {
  const line = instruction.getArgumentsContent() ?? "";
  return execForm(line) ?? ["/bin/sh", "-c", line];
}

/** What is no JSON array of strings is the shell's. */
function execForm(line: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(line);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}
