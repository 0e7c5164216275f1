import type { GuardTimes } from "../../../runtime/container/llm/guard";
import { MODEL_TITLE } from "./fixtures";
import { startGenerator, type Generator } from "./generator";
import { startModelStub, type ModelStub, type Reply } from "./modelStub";

export const KIMI_KEY = "sk-kimi-secret";
export const CLAUDE_KEY = "sk-claude-secret";
/** What a busy machine may add to a deadline before a test calls it missed, ms. */
export const BUSY_MS = 1_500;
/** Pauses short enough for a test; the product's own are in `guard.ts`. */
export const TIMES = { retryDelayMs: 20, halfOpenAfterMs: 60_000 };

/** A generator whose models one stub plays; closed by {@link closeScenes}. */
export interface Scene {
  generator: Generator;
  stub: ModelStub;
}
export interface SceneOptions {
  times?: Partial<GuardTimes>;
  /** Kimi first and Claude second unless it says otherwise. */
  order?: readonly ("kimi" | "claude")[];
}

const open: { close(): Promise<void> }[] = [];

export async function startScene(
  reply: (path: string, index: number) => Reply,
  { times = TIMES, order = ["kimi", "claude"] }: SceneOptions = {},
): Promise<Scene> {
  const stub = await startModelStub(reply);
  open.push(stub);
  const providers = {
    kimi: { kind: "kimi", model: "kimi-k2.6", baseUrl: stub.openAiUrl },
    claude: { kind: "claude", model: "claude-haiku-5-5", baseUrl: stub.anthropicUrl },
  };
  const env = {
    LLM_PROVIDERS: JSON.stringify(order.map((kind) => providers[kind])),
    KIMI_API_KEY: KIMI_KEY,
    CLAUDE_API_KEY: CLAUDE_KEY,
  };
  const generator = await startGenerator(env, times);
  open.push(generator);
  return { generator, stub };
}

export async function closeScenes(): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.close()));
}

/** What a well-behaved model writes in the html mode: a document with `inside` in its body. */
export const pageText = (inside: string): string =>
  JSON.stringify({
    html: `<!doctype html><html><head><style>.card{color:red}</style></head><body><h1>${MODEL_TITLE}</h1>${inside}</body></html>`,
    components: [{ type: "grid", id: "grid_main", config: { product_ids: ["prod_001"] } }],
    persona_hash: "v9_forged_99_00000000",
  });

/** Waits until something is so that no event tells of. */
export async function until(met: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!met()) {
    if (performance.now() > end) throw new Error("waited 10 s in vain");
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
