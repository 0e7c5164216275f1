import type * as Sdk from "cloudflare";
import type Cloudflare from "cloudflare";
import { APIConnectionError, APIError, NotFoundError } from "cloudflare/error";
import type { CloudConnection } from "../../cloud";
import { DeployError } from "../errors";

/** No single call to the cloud may take longer than this. */
const CALL_LIMIT_MS = 60_000;
const RETRIES = 2;

/** What handlers may use of the world. */
export interface HandlerContext {
  projectDir: string;
  /** Folder of the program, where the CLI starts plugins: paths in inputs of theirs are relative to it. */
  programDir: string;
  /** Where the resources are made; not there in an offline preview. */
  cloud: CloudConnection | undefined;
  /** Ends the waiting of calls that are under way. */
  signal?: AbortSignal | undefined;
}

/** The connection, for calls that cannot do without. */
export function connection(context: HandlerContext): CloudConnection {
  if (context.cloud !== undefined) return context.cloud;
  throw new DeployError("CLOUD_NEEDED", "this needs a running embedded cloud, and the run has none");
}

/** Cloudflare's own client, pointed at the embedded cloud. */
export function cloudflareClient(context: HandlerContext): () => Cloudflare {
  let client: Cloudflare | undefined;
  return () => {
    if (client !== undefined) return client;
    const { apiToken, apiUrl } = connection(context);
    // Over a thousand modules: a run in which nothing is made needs none of them.
    const sdk = require("cloudflare") as typeof Sdk;
    client = new sdk.Cloudflare({ apiToken, baseURL: apiUrl, maxRetries: RETRIES, timeout: CALL_LIMIT_MS });
    return client;
  };
}

/**
 * Whether Cloudflare refused a call. What it may already have is then someone else's (a name that is taken), and is not
 * to be taken for what a lost answer left.
 */
export function isRefusal(error: unknown): boolean {
  return error instanceof APIError && error.status !== undefined && error.status >= 400 && error.status < 500;
}

/** Something that is gone already counts as deleted. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** What a call answers, or undefined where Cloudflare has no such thing. */
export async function orGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Creates without ever creating twice: the call is made once, and when its answer is lost, what it may have made is
 * looked up.
 */
export async function createOnce<T>(
  create: (options: { maxRetries: 0 }) => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  try {
    return await create({ maxRetries: 0 });
  } catch (error) {
    if (!(error instanceof APIConnectionError)) throw error;
    const found = await find();
    if (found === undefined) throw error;
    return found;
  }
}
