import { Container } from "@cloudflare/containers";
import { CONTAINER_PORT, OPTIONAL_SECRETS } from "../../contract/bindings";
import type { Env } from "../env";

/** What of the Worker's bindings the generator needs; it gets no Cloudflare credential. */
const PASSED_ON = ["LLM_PROVIDERS", ...OPTIONAL_SECRETS.filter((name) => name.endsWith("_API_KEY"))] as const;

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
}
