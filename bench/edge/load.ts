import { Worker } from "node:worker_threads";
import path from "node:path";

/** Whom to ask for what. */
export interface Load {
  readonly origin: string;
  /** Asked for in turn, each connection beginning elsewhere. */
  readonly paths: readonly string[];
  /** A `Cookie` header for each path; without them nobody is known. */
  readonly cookies?: readonly string[];
}

/** What came of it. Times in milliseconds, per request. */
export interface Measured {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly bytesPerAnswer: number;
  /** Requests without an answer. */
  readonly errors: number;
  /** Answers by `X-Wand-Source`, `none` where there is no such header, or the status where it is not 200. */
  readonly sources: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Keeps `connections` connections busy for `seconds`, from a thread of its own: each asks again when it has its answer, after a
 * pause of `pauseMs` on average.
 */
export function putUnderLoad(load: Load, connections: number, seconds: number, pauseMs = 0): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const workerData = { ...load, connections, seconds, pauseMs, sourceHeader: "x-wand-source" };
    const thread = new Worker(path.join(__dirname, "loader.js"), { workerData });
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}
