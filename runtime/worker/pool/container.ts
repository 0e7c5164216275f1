import { Container } from "@cloudflare/containers";
import { CONTAINER_PORT, OPTIONAL_SECRETS } from "../../contract/bindings";
import { DEADLINE_HEADER } from "../../contract/generate";
import type { Env } from "../env";
import { observe } from "../metrics/count";

/** What of the Worker's bindings the generator needs; it gets no Cloudflare credential. */
const PASSED_ON = ["LLM_PROVIDERS", ...OPTIONAL_SECRETS.filter((name) => name.endsWith("_API_KEY"))] as const;

/** As long as the longest job. */
const LONGEST_REQUEST_MS = 600_000;
/** The queue gives up first. */
const GRACE_MS = 2_000;
/** How soon the death of a container ends the requests to it; so short that none comes to life and dies unseen. */
const WATCH_EVERY_MS = 100;

/** One pool member's container with the Koa generator in it. Only the GenerationQueue of the same name talks to it. */
export class AIGeneratorContainer extends Container<Env> {
  override defaultPort = CONTAINER_PORT;
  override enableInternet = true;
  /** Host and path of the request that tells whether the container is up. */
  override pingEndpoint = "container/health";

  /** When a container that slept was asked for; undefined once it has answered. Milliseconds since 1970. */
  #wakingSince: number | undefined;

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

  /** Called when a container that was started has answered for the first time. */
  override onStart(): void {
    if (this.#wakingSince === undefined) return;
    observe(this.env, () => undefined, "cold_start_seconds", {}, (Date.now() - this.#wakingSince) / 1000);
    this.#wakingSince = undefined;
  }

  /**
   * Ends every request: answered to the last byte, or given up when its caller has. Cloudflare's class counts one that is
   * neither as activity, and would keep the container awake for ever.
   */
  override async fetch(request: Request): Promise<Response> {
    const asked = Number(request.headers.get(DEADLINE_HEADER) ?? NaN);
    const ms = asked > 0 ? Math.min(asked, LONGEST_REQUEST_MS) : LONGEST_REQUEST_MS;
    if (this.ctx.container?.running === false) this.#wakingSince ??= Date.now();
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), ms + GRACE_MS);
    // A request to a container that dies is left hanging by workerd, where Cloudflare breaks it off.
    let ran = this.ctx.container?.running === true;
    const watch = setInterval(() => {
      const runs = this.ctx.container?.running === true;
      if (ran && !runs) giveUp.abort();
      ran = runs;
    }, WATCH_EVERY_MS);
    try {
      const response = await super.fetch(new Request(request, { signal: giveUp.signal }));
      return new Response(await response.arrayBuffer(), response);
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      // One that could not be started, or has gone again, wakes anew when it is next asked for.
      if (this.ctx.container?.running === false) this.#wakingSince = undefined;
    }
  }
}
