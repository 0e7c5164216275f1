import type { Refusal } from "./refusal";

/** What an image needs that is made without Docker: files of the context, and how the process is started. */
export interface ImageRecipe {
  /** The base image; its files are not fetched, only named. */
  from: string;
  workdir: string;
  copies: Copied[];
  env: string[];
  labels: Record<string, string>;
  ports: string[];
  user: string;
  entrypoint: string[] | undefined;
  cmd: string[] | undefined;
}

export interface Copied {
  sources: string[];
  /** A folder where it ends with a slash. */
  target: string;
  /** The stage whose files the sources are; without it they are the build context's. */
  stage?: ImageRecipe;
}

/** A stage while it is read. */
export interface Stage {
  /** What FROM calls it, in lower case. */
  readonly name: string | undefined;
  readonly recipe: ImageRecipe;
  /** Values of ARG and ENV, for `$NAME`. */
  readonly variables: Map<string, string>;
  /** Why its files are not known: its first instruction that takes an engine. */
  refusal?: Refusal;
}

export function begin(name: string | undefined, from: string): Stage {
  return {
    name,
    variables: new Map(),
    recipe: {
      from,
      workdir: "/",
      copies: [],
      env: [],
      labels: {},
      ports: [],
      user: "",
      entrypoint: undefined,
      cmd: undefined,
    },
  };
}

/** A stage that begins with all that another ends with. */
export function continued(parent: Stage, name: string | undefined): Stage {
  const { copies, env, labels, ports } = parent.recipe;
  return {
    name,
    variables: new Map(parent.variables),
    recipe: { ...parent.recipe, copies: [...copies], env: [...env], labels: { ...labels }, ports: [...ports] },
    ...(parent.refusal !== undefined && { refusal: parent.refusal }),
  };
}
