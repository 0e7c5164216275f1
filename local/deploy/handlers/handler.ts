import type { Change } from "../engine/diff";
import type { Props } from "../engine/values";

/** What a resource is once it exists. Outputs that have no value are null, so that a preview knows that they have none. */
export interface Made {
  id: string;
  outputs: Props;
}

/** How new inputs differ from those that a resource was made with. */
export interface Difference {
  /** Paths that changed; none means that nothing has to be done. */
  changed: string[];
  /** Those that cannot be changed in place. */
  replaces: string[];
  /** The old one has to go first, because both cannot exist at once. */
  deleteBeforeReplace?: boolean;
  /** Outputs that stay as they are, besides the handler's `stableOutputs`. */
  stables?: string[];
}

/** What the cloud has of a resource now. */
export interface Live {
  /** The inputs that would have led to it. */
  inputs: Props;
  outputs: Props;
  /** By what it differs from the state, secrets opened: what a cloud fills in by itself is left out. */
  changes: Change[];
}

export interface Existing {
  urn: string;
  id: string;
  inputs: Props;
  outputs: Props;
}

/**
 * One type of resource. Values are given opened (no secret marks) unless `acceptsSecrets`; in `check` and `diff` they may
 * hold unknowns, in the other calls never. A handler throws to refuse; what it threw is shown with the resource's name.
 */
export interface Handler {
  /** Gets values with their secret marks and answers with them. */
  acceptsSecrets?: boolean;
  /** Outputs that are secrets whatever the inputs are. */
  secretOutputs?: readonly string[];
  /** Outputs that an update in place never changes; the rest that are no inputs are unknown in a preview of an update. */
  stableOutputs?: readonly string[];
  /** What a preview can tell of one that is to be made, when that is not its inputs as they are. */
  promise?(inputs: Props): Props;
  /** Inputs that cannot be changed in place; `*` for all. */
  replaceOn: readonly string[];
  /** What no two resources of the type may share. A replacement that keeps it has to delete before it creates. */
  naturalKey?(inputs: Props): string;
  /** Judges and completes the inputs. */
  check?(urn: string, inputs: Props, old: Existing | undefined): Promise<Props>;
  /** Instead of the comparison of inputs by `replaceOn`. */
  diff?(old: Existing, inputs: Props): Promise<Difference>;
  create(urn: string, inputs: Props): Promise<Made>;
  /** Whether an error of `create` says for certain that nothing was made; otherwise the next run looks for it. */
  isRefusal?(error: unknown): boolean;
  /** Looks for one that a create of unknown outcome may have made. */
  find?(urn: string, inputs: Props): Promise<Made | undefined>;
  /** What is live of it, or undefined where the cloud has none. Left out where all of it is in the state alone. */
  read?(old: Existing): Promise<Live | undefined>;
  /** Without it every change replaces. */
  update?(old: Existing, inputs: Props): Promise<Props>;
  /** One that is gone already is no error. */
  delete(old: Existing): Promise<void>;
}

/** Thrown by `create` and `update`: it is there, and does not work. It is kept, and the next `up` updates it. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  /** Private to Node's inspection too: it may hold secrets, and errors are printed. */
  readonly #made: Made;

  constructor(
    made: Made,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join(" "));
    this.#made = made;
  }

  get made(): Made {
    return this.#made;
  }
}

export type Handlers = ReadonlyMap<string, Handler>;
/** Functions a program may call (`invoke`), by token. */
export type Functions = ReadonlyMap<string, (inputs: Props) => Promise<Props>>;
