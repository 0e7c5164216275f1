/**
 * Workers of ours that answer nobody but this process: the port at which Miniflare reaches them is open to every program of this
 * machine, and to the pages of its browsers.
 */
import { randomUUID } from "node:crypto";
import type { Miniflare } from "miniflare";

const HEADER = "x-own-key";
const KEY = randomUUID();

/** A module whose `fetch` is this handler, for those who know the key. */
export const ownWorker = (handler: string): string => `
const handler = ${handler};
export default {
  fetch: (request, env) =>
    request.headers.get("${HEADER}") === "${KEY}" ? handler(request, env) : new Response("not for you", { status: 403 }),
};`;

/** Sends a document to the first Worker of a runtime, which is one of ours. */
export const askOwn = (miniflare: Miniflare, body: object) =>
  miniflare.dispatchFetch("http://own/", { method: "POST", headers: { [HEADER]: KEY }, body: JSON.stringify(body) });
