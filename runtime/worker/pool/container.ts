import { Container } from "@cloudflare/containers";
import { CONTAINER_PORT, OPTIONAL_SECRETS } from "../../contract/bindings";
import { DEADLINE_HEADER } from "../../contract/generate";
import type { Env } from "../env";

/** What of the Worker's bindings the generator needs; it gets no Cloudflare credential. */
const PASSED_ON = ["LLM_PROVIDERS", ...OPTIONAL_SECRETS.filter((name) => name.endsWith("_API_KEY"))] as const;

/** As long as the longest job. */
const LONGEST_REQUEST_MS = 600_000;
/** The queue gives up first. */
const GRACE_MS = 2_000;

/** One pool member's container with the Koa generator in it. Only the GenerationQueue of the same name talks to it. */
export class AIGeneratorContainer extends Container<Env> {
  override defaultPort = CONTAINER_PORT;
  override enableInternet = true;
  /** Host and path of the request that tells whether the container is up. */
  override pingEndpoint = "container/health";

  constructor(ctx: DurableObjectState<Env>, env: Env) {
    super(ctx, env);
    this.sleepAfter = env.CONTAINER_SLEEP_AFTER;
    this.envVars = Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = env[name];
        return value === undefined || value === "" ? [] : [[name, value]];
      }),
    );
  }

  /**
   * Ends every request: answered to the last byte, or given up when its caller has. Cloudflare's class counts one that is
   * neither as activity, and would keep the container awake for ever.
   */
  override async fetch(request: Request): Promise<Response> {
    const asked = Number(request.headers.get(DEADLINE_HEADER) ?? NaN);
    const ms = asked > 0 ? Math.min(asked, LONGEST_REQUEST_MS) : LONGEST_REQUEST_MS;
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), ms + GRACE_MS);
    try {
      const response = await super.fetch(new Request(request, { signal: giveUp.signal }));
      return new Response(await response.arrayBuffer(), response);
    } finally {
      clearTimeout(timer);
    }
  }
}
