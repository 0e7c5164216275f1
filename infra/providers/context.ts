import type { AskEdge, CloudflareApi, CloudflareRaw } from "../cloudflare";

/** Puts an image that the Docker engine here has into a registry. Answers with the digest it has there. */
export type PushImage = (image: {
  /** The image's name in the Docker engine. */
  readonly local: string;
  /** Host of the registry, with its port where it has one. */
  readonly registry: string;
  /** `{account}/{repository}`. */
  readonly repository: string;
  readonly tag: string;
  /** Short-lived; goes into no file that outlives the push, no state and no message. */
  readonly username: string;
  readonly password: string;
}) => Promise<{ readonly digest: string }>;

/** What a resource's functions may use of the world. */
export interface Context {
  readonly api: CloudflareApi;
  /** For values, objects and pages of lists. */
  readonly raw: CloudflareRaw;
  /** Asks a Worker at the edge. */
  readonly edge: AskEdge;
  readonly pushImage: PushImage;
  /** Account of an id to import that names none. */
  readonly accountId: string | undefined;
  /**
   * A hash that is the same for the same text, here and the next time, and tells nobody anything who lacks the API token: fit
   * for what holds secrets. 64 hex digits.
   */
  readonly keyedHash: (text: string) => string;
  /** Folder that file paths in inputs are relative to: the project's. */
  readonly root: string;
  /** Waits, milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
