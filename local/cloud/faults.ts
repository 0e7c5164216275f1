/**
 * Faults on demand, so that whoever builds a client can see what it does about them: refusals, slow answers, lost connections. They
 * are set at `/faults` of the API's port, with the API's token; they live in memory and end with the process.
 */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { Clock } from "./clock";
import { jsonOrNothing } from "./api/body";
import { failed } from "./api/envelope";
import { ApiError, errors, INVALID_INPUT } from "./refusals";
import { Routes } from "./routes";
import { uuid } from "./state/ids";
import { checked } from "./validation";

const PATH = "/faults";
const MAX_DELAY_MS = 10 * 60_000;
const MAX_FAULTS = 1000;

const Fault = z.strictObject({
  /** Any where there is none. */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** After `/client/v4`; `*` is one part or a piece of it, `**` any number of parts. All paths where there is none. */
  path: z.string().startsWith("/").max(512).default("/**"),
  /** How often it happens. */
  times: z.int().min(1).max(1_000_000).default(1),
  /** How many requests pass before it happens. */
  skip: z.int().min(0).max(1_000_000).default(0),
  delayMs: z.int().min(0).max(MAX_DELAY_MS).default(0),
  /** The answer that is given in place of the real one; nothing is done then. */
  status: z.int().min(400).max(599).optional(),
  code: z.int().min(0).optional(),
  message: z.string().max(1000).optional(),
  /** Seconds, for the header `Retry-After`. */
  retryAfter: z.int().min(0).max(86_400).optional(),
  /** Ends the connection: before anything is done, or after all of it was. */
  lose: z.enum(["request", "answer"]).optional(),
  /** Kills the process of the cloud when the request has written so many documents of the state: between two writes, or behind the last. */
  crashAfterWrites: z.int().min(1).max(1000).optional(),
});
type Fault = z.output<typeof Fault> & { id: string };

/** Codes and words where a fault names none; those of 429 are Cloudflare's own. */
const WORDS: Record<number, [code: number, message: string]> = {
  429: [971, "Please wait and consider throttling your request speed"],
};

export class Faults {
  readonly #clock: Clock;
  readonly #crashAfter: (writes: number) => void;
  readonly #faults = new Map<string, Fault>();

  /** @param crashAfter ends the process after so many writes, unless `Infinity` is said before */
  constructor(clock: Clock, crashAfter: (writes: number) => void) {
    this.#clock = clock;
    this.#crashAfter = crashAfter;
  }

  /** What every request of the API v4 passes through. @param base the path that all of them begin with */
  middleware(base: string): MiddlewareHandler {
    return async (c, next) => {
      const fault = this.#next(c.req.method, c.req.path.slice(base.length));
      if (!fault) return next();
      if (fault.delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(fault.delayMs, resolve));
      if (fault.lose === "request") return lost(c);
      if (fault.status !== undefined) {
        if (fault.retryAfter !== undefined) c.header("Retry-After", String(fault.retryAfter));
        return failed(c, refusal(fault, fault.status));
      }
      if (fault.crashAfterWrites !== undefined) this.#crashAfter(fault.crashAfterWrites);
      await next();
      this.#crashAfter(Infinity);
      return fault.lose === "answer" ? lost(c) : undefined;
    };
  }

  routes(): Routes {
    const app = new Routes(
      "not under `/client/v4`: refusals (with `Retry-After`), slow answers, lost connections and crashes on demand, see below",
    );
    app.get(PATH, (c) => c.json([...this.#faults.values()]));
    app.post(PATH, async (c) => {
      const input = checked(Fault, jsonOrNothing(await c.req.text()), INVALID_INPUT.accounts);
      if (this.#faults.size >= MAX_FAULTS) throw errors.tooManyFaults(MAX_FAULTS);
      const fault = { id: uuid(), ...input };
      this.#faults.set(fault.id, fault);
      return c.json(fault, 201);
    });
    app.delete(PATH, (c) => {
      this.#faults.clear();
      return c.body(null, 204);
    });
    return app;
  }

  /** The first fault that a request meets; one that has happened often enough is forgotten. */
  #next(method: string, path: string): Fault | undefined {
    for (const fault of this.#faults.values()) {
      if (fault.method !== undefined && fault.method !== method) continue;
      if (!matches(fault.path, path)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.times -= 1;
      if (fault.times === 0) this.#faults.delete(fault.id);
      return fault;
    }
    return undefined;
  }
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, (stars) => (stars.length > 1 ? ".*" : "[^/]*"));
  return new RegExp(`^${source}$`).test(path);
}

function refusal({ code, message }: Fault, status: number): ApiError {
  const [ownCode, words] = WORDS[status] ?? [errors.internal().code, errors.internal().message];
  return new ApiError(status as ContentfulStatusCode, code ?? ownCode, message ?? words);
}

/** Ends the connection without an answer. */
function lost(c: Context): Response {
  const { incoming } = c.env as { incoming?: { socket: { destroy(): void } } };
  incoming?.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
