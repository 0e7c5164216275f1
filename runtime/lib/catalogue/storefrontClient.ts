import { ConstantBackoff, ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { quote } from "./errors";
import { graphqlFault, LastingFault, PassingFault, statusFault } from "./storefrontErrors";

/** One request and its answer, milliseconds: a page of 250 products takes Shopify a few seconds. */
const REQUEST_MS = 20_000;
/** Tries after the first. */
const RETRIES = 4;
const PAUSE_MS = { initialDelay: 500, maxDelay: 8_000 };
/** A shop that asks for a longer pause is told of as an error: nobody waits that long for a deployment. */
const LONGEST_PAUSE_MS = 30_000;
/** Far more than 250 products are. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

export interface StorefrontDoor {
  /** Where the API answers. */
  readonly endpoint: string;
  readonly accessToken?: string | undefined;
}

/** What a test passes another of. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long one request may take, milliseconds. */
  readonly requestMs?: number;
}

export const WALL_CLOCK: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Sends a query and gives the answer's `data`. What may pass (throttling, 5xx, no or half an answer) is tried again, as late
 * as the shop asks.
 * @throws PassingFault (too often, or too long a pause), LastingFault, TooComplex, FieldsDenied.
 */
export function askStorefront(
  door: StorefrontDoor,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  clock: Clock,
): Promise<unknown> {
  let backoff = new ExponentialBackoff(PAUSE_MS).next();
  let pauseMs = 0;
  const again = handleWhen((error) => {
    if (!(error instanceof PassingFault) || error.pauseMs > LONGEST_PAUSE_MS) return false;
    pauseMs = error.pauseMs + backoff.duration;
    backoff = backoff.next(undefined);
    return true;
  });
  // The pause is ours, so that a test can pass a clock.
  return retry(again, { maxAttempts: RETRIES, backoff: new ConstantBackoff(0) }).execute(async ({ attempt }) => {
    if (attempt > 0) await clock.sleep(pauseMs);
    return askOnce(door, JSON.stringify({ query, variables }), clock);
  });
}

async function askOnce(door: StorefrontDoor, body: string, clock: Clock): Promise<unknown> {
  const text = await send(door, body, clock);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new PassingFault(`found half an answer: ${quote(text.slice(-40))} is where it ends`);
  }
  const { data, errors, extensions } = (answer ?? {}) as { data?: unknown; errors?: unknown; extensions?: unknown };
  // Data beside errors is not the whole: what is missing would be missing in the shop.
  if (errors !== undefined) throw graphqlFault(errors, extensions);
  if (typeof data !== "object" || data === null)
    throw new LastingFault(`found ${quote(answer)}; an answer has \`data\``);
  return data;
}

async function send({ endpoint, accessToken }: StorefrontDoor, body: string, clock: Clock): Promise<string> {
  const limit = clock.requestMs ?? REQUEST_MS;
  const signal = AbortSignal.timeout(limit);
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "User-Agent": "WandStore",
        ...(accessToken !== undefined && { "X-Shopify-Storefront-Access-Token": accessToken }),
      },
      body,
      // A redirect would turn the query into a GET, and might lead the token elsewhere.
      redirect: "manual",
      signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw statusFault(response.status, response.headers, clock.now());
    }
    const type = response.headers.get("Content-Type") ?? "no type";
    if (!/^application\/(graphql-response\+)?json\b/i.test(type)) {
      await response.body?.cancel();
      throw new LastingFault(`found ${quote(type)}; the API answers with JSON. Is this the address of a page?`);
    }
    return await readText(response);
  } catch (error) {
    if (error instanceof PassingFault || error instanceof LastingFault) throw error;
    if (signal.aborted) throw new PassingFault(`no whole answer came within ${limit / 1000} s`);
    throw new PassingFault(
      `there was no whole answer (${reasonOf(error)}); is the domain right, and is there a network?`,
    );
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw new LastingFault(`an answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `ENOTFOUND`, `ECONNREFUSED` and the like, which fetch hides in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string } };
  return cause?.code ?? message ?? String(error);
}
