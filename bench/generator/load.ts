import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { GenerateResponse } from "../../runtime/contract/generate";

const PAGE_LIMIT_MS = 60_000;

export interface Load {
  readonly origin: string;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  /** Pages that are under way at any time. */
  readonly concurrency: number;
  /** What a page takes at least, ms: the lanes begin spread over it, as a queue's jobs do. */
  readonly latencyMs: number;
}

/** Milliseconds that each lane took for its pages. */
export interface Done {
  readonly laneMs: readonly number[];
}

/**
 * Keeps `concurrency` lanes busy until each has made `pagesEach` pages, one after another.
 *
 * @param finished is called after each page.
 * @throws Error for a page that is not a model's: the figure would be of something else.
 */
export async function makePages(load: Load, pagesEach: number, finished: () => void = () => {}): Promise<Done> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.concurrency });
  let next = 0;
  const lane = async (index: number): Promise<number> => {
    await wait((index * load.latencyMs) / load.concurrency);
    const begun = performance.now();
    for (let page = 0; page < pagesEach; page++) {
      check(await post(agent, load.origin, load.bodies[next++ % load.bodies.length]!));
      finished();
    }
    return performance.now() - begun;
  };
  try {
    return { laneMs: await Promise.all(Array.from({ length: load.concurrency }, (_, index) => lane(index))) };
  } finally {
    agent.destroy();
  }
}

function post(agent: Agent, origin: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const asked = request(
      `${origin}/generate`,
      { method: "POST", agent, headers, timeout: PAGE_LIMIT_MS },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.once("end", () => resolve(Buffer.concat(parts).toString()));
        response.once("error", reject);
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no page within a minute")));
    asked.once("error", reject);
    asked.end(body);
  });
}

function check(answer: string): void {
  // Parsing each page would make this process the bottleneck; what says who made it stands behind the page.
  const meta = answer.slice(answer.lastIndexOf(`"meta":`));
  if (answer.startsWith(`{"status":"success"`) && meta.includes(`"source":"model"`)) return;
  const { status, error } = JSON.parse(answer) as GenerateResponse;
  throw new Error(`a page was not the model's: ${status} ${JSON.stringify(error)} ${meta}`);
}
