/** An image by its digest, with what its generator calls itself. */
export interface ImagePin {
  readonly ref: string;
  readonly buildId?: string;
}

/** What a stack that is deployed says of itself. */
export interface StackOutputs {
  readonly imageDigest?: string | undefined;
  readonly generatorBuildId?: string | undefined;
  readonly releaseId?: string | undefined;
  /** The address of its first shop. */
  readonly defaultStorefront?: string | undefined;
  /** Version of each shop's catalogue, by slug. */
  readonly catalogues?: Readonly<Record<string, string>> | undefined;
}

/** What one operation on one stack did, or would do. */
export interface StackChange {
  /** Resources by what was done to them: create, update, replace, delete, same. */
  readonly summary: Readonly<Record<string, number>>;
  /** Undefined after a preview or a destroy. */
  readonly outputs: StackOutputs | undefined;
}

export interface StackRun {
  readonly signal: AbortSignal;
  /** The image to deploy with, instead of the one that the stack's file names or that would be built. */
  readonly image?: ImagePin | undefined;
  /** One line for people about what is being done now. */
  readonly onProgress?: (text: string) => void;
}

/** What a stack's `/health` says. */
export interface StackHealth {
  readonly status: number;
  /** Build ids of the generator that answered (as `generatorBuildId` has it); none where nobody could be asked. */
  readonly builds: readonly string[];
}

/** Who deploys a shop's stack: Pulumi's Automation API, or the embedded deployment. */
export interface StackEngine {
  readonly source: "pulumi" | "embedded";
  preview(stack: string, run: StackRun): Promise<StackChange>;
  up(stack: string, run: StackRun): Promise<StackChange>;
  destroy(stack: string, run: StackRun): Promise<StackChange>;
  /** Undefined for a stack that is not deployed. */
  outputs(stack: string): Promise<StackOutputs | undefined>;
  /** Undefined where nothing serves it now. */
  health(stack: string, outputs: StackOutputs, signal: AbortSignal): Promise<StackHealth | undefined>;
}
