import { createProvider, type WandStoreProvider } from "../../../infra/providers/provider";
import { type Answer, type HttpDouble, type Received, startDouble } from "../httpDouble";
import { ACCOUNT, urnOf } from "./setup";

export const URN = urnOf("ContainerApplication");
export const imageOf = (letter: string): string =>
  `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${letter.repeat(64)}`;
export const APPLICATION = `/accounts/${ACCOUNT}/containers/applications/app-1`;
export const TOKEN = "planted-admin-token";

/** What a member answers: a build, a status, or nothing. */
export type MemberAnswer = { build: string } | { status: number; code?: string } | "hang up" | { raw: string };

interface Rollout {
  id: string;
  status: string;
  image: string;
  version: number;
}

/** Container applications as far as a rollout needs them, and the Worker that asks the members, on one real HTTP server. */
export class ContainerDouble {
  image = imageOf("a");
  maxInstances = 3;
  version = 1;
  rollouts: Rollout[] = [];
  /** Whether the API has what the public description leaves out. */
  hasRollouts = true;
  /** What becomes of a rollout as soon as it is there. */
  becomes = "completed";
  /** Seconds since the start. */
  seconds = 0;
  /** By its number; the build is by default the first letter of the image's digest. */
  member: (index: number) => MemberAnswer = () => ({ build: this.letter });
  /** Answers in the place of the double. */
  instead: (request: Received) => Answer | undefined = () => undefined;
  readonly provider: WandStoreProvider;

  private constructor(readonly http: HttpDouble) {
    this.provider = createProvider({
      baseUrl: http.baseUrl,
      apiToken: "t",
      sleep: async (ms) => void (this.seconds += ms / 1000),
      now: () => this.seconds * 1000,
    });
  }

  static async start(): Promise<ContainerDouble> {
    const http = await startDouble((request) => double.#answer(request));
    const double: ContainerDouble = new ContainerDouble(http);
    return double;
  }

  /** The running image's letter. */
  get letter(): string {
    return this.image.at(-1) ?? "";
  }
  get url(): string {
    return new URL(this.http.baseUrl).origin;
  }
  /** Requests to the API that change something, in order: method, path after the application, what matters of the body. */
  get changes(): string[] {
    return this.http.received
      .filter(({ method }) => method !== "GET")
      .map(({ method, path, body }) => {
        const { action, max_instances: size, target_configuration: target } = (body ?? {}) as Record<string, never>;
        const what = action ?? size ?? (target as { image: string } | undefined)?.image.at(-1) ?? "";
        return `${method} ${path.replace(APPLICATION, "")} ${what}`.replace("  ", " ").trim();
      });
  }
  asked(path: string): number {
    return this.http.received.filter((one) => one.path === path).length;
  }

  #answer(request: Received): Answer {
    const { path } = request;
    if (path.startsWith("/api/pool/pool-")) return this.#memberAnswer(Number(path.split("-").at(-1)));
    // A lost answer is lost after the request was carried out.
    const answer = this.instead(request);
    if (answer !== undefined && answer !== "hang up") return answer;
    const own = this.#apiAnswer(request);
    return answer ?? own;
  }

  #memberAnswer(index: number): Answer {
    const answer = this.member(index);
    if (answer === "hang up") return answer;
    if ("raw" in answer) return { status: 200, raw: answer.raw };
    if ("build" in answer) {
      const raw = { member: `pool-${index}`, build_id: answer.build, worker_build_id: "w", status: "ok" };
      return { status: 200, raw: JSON.stringify(raw) };
    }
    return {
      status: answer.status,
      raw: JSON.stringify({ error: { code: answer.code, message: "secret-in-a-body" } }),
    };
  }

  #apiAnswer({ method, path, body }: Received): Answer {
    const [, id] = path.split("/rollouts/");
    const noRoute: Answer = { status: 404, error: { code: 7000, message: "No route for that URI" } };
    if (path === APPLICATION && method === "GET") return { result: this.#application() };
    if (path === APPLICATION && method === "PATCH") {
      this.maxInstances = (body as { max_instances: number }).max_instances;
      return { result: this.#application() };
    }
    if (path === `${APPLICATION}/rollouts` && method === "POST") return { result: this.#shown(this.#start(body)) };
    if (!this.hasRollouts || !path.includes("/rollouts")) return noRoute;
    if (path === `${APPLICATION}/rollouts`) return { result: this.rollouts.map((one) => this.#shown(one)) };
    const rollout = this.rollouts.find((one) => one.id === id);
    if (!rollout) return noRoute;
    if (method === "POST") rollout.status = "reverted";
    return { result: this.#shown(rollout) };
  }

  #start(body: unknown): Rollout {
    const { image } = (body as { target_configuration: { image: string } }).target_configuration;
    this.version += 1;
    for (const former of this.rollouts) if (former.status === "progressing") former.status = "replaced";
    const rollout = { id: `r-${this.version}`, status: this.becomes, image, version: this.version };
    this.rollouts.push(rollout);
    if (rollout.status === "completed") this.image = image;
    return rollout;
  }

  #application() {
    const active = this.rollouts.find(({ status }) => status === "progressing");
    return {
      id: "app-1",
      name: "wandstore-dev-generator",
      version: this.version,
      max_instances: this.maxInstances,
      configuration: { image: this.image, vcpu: 0.0625 },
      durable_objects: { namespace_id: "n".repeat(32) },
      ...(active ? { active_rollout_id: active.id } : {}),
    };
  }
  #shown({ id, status, image, version }: Rollout) {
    return { id, status, target_version: version, target_configuration: { image, instance_type: "lite" } };
  }
}
