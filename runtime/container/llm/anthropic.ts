import type Anthropic from "@anthropic-ai/sdk";
import type { ProviderWithKey } from "../config";
import type { Answer } from "./answer";
import { toModelError } from "./apiError";
import { claudeCapabilitiesOf } from "./capabilities";
import { once } from "./once";
import type { ModelProvider } from "./provider";
import { isEventStream, limitedFetch, readObject } from "./wire";

const DEFAULT_BASE_URL = "https://api.anthropic.com";

/** A Claude model. The SDK sends the key as a bearer token, as the API has it since its version 2026-10-21. */
export function anthropicProvider({ provider, apiKey }: ProviderWithKey): ModelProvider {
  const capabilities = claudeCapabilitiesOf(provider.model);
  // Loaded when first needed; nothing is left for the SDK to read from the environment, and it retries nothing by itself.
  const connect = once(async () => {
    const { Anthropic: Client } = await import("@anthropic-ai/sdk");
    return new Client({
      apiKey,
      // The SDK adds /v1 by itself; documents and config often write it.
      baseURL: (provider.baseUrl ?? DEFAULT_BASE_URL).replace(/\/v1\/?$/, ""),
      maxRetries: 0,
      logLevel: "off",
      openTelemetry: false,
      fetch: limitedFetch,
    });
  });
  return {
    kind: "claude",
    model: provider.model,
    async warm() {
      await connect();
    },
    async complete(prompt, answer, signal) {
      try {
        const api = await connect();
        // Events as they come: the SDK's helper for streams would keep a second copy of the answer.
        const request: Anthropic.MessageCreateParamsStreaming = {
          model: provider.model,
          max_tokens: prompt.maxTokens,
          system: prompt.system,
          messages: [{ role: "user", content: prompt.user }],
          stream: true,
          ...capabilities,
        };
        const { data, response } = await api.messages.create(request, { signal }).withResponse();
        if (isEventStream(response)) for await (const event of data) takeEvent(event, answer);
        else takeMessage((await readObject(response)) as Partial<Anthropic.Message>, answer);
      } catch (error) {
        throw toModelError(error, signal);
      }
      // The SDK ends a stream that was aborted as if it were whole.
      if (signal.aborted) throw toModelError(undefined, signal);
    },
  };
}

type Usage = { input_tokens?: unknown; output_tokens?: unknown } | null | undefined;
/** The parts of all events that matter here; a gateway may leave out any of them. */
interface StreamEvent {
  type?: unknown;
  message?: { usage?: Usage };
  content_block?: { text?: unknown };
  delta?: { text?: unknown; thinking?: unknown; stop_reason?: unknown };
  usage?: Usage;
}

/** A gateway may send anything; what is no event is nothing. */
function takeEvent(given: unknown, answer: Answer): void {
  const { message, content_block: block, delta, usage } = (given ?? {}) as StreamEvent;
  // Its count of the answer is of what there is at the beginning.
  answer.count("prompt", message?.usage?.input_tokens);
  answer.thinks(delta?.thinking);
  answer.take(block?.text ?? delta?.text);
  if (delta?.stop_reason === "max_tokens") answer.isCutAtLimit = true;
  takeUsage(usage, answer);
}

/** What is no message is an empty text, which no page is. */
function takeMessage(message: Partial<Anthropic.Message>, answer: Answer): void {
  takeUsage(message.usage, answer);
  if (message.stop_reason === "max_tokens") answer.isCutAtLimit = true;
  for (const block of message.content ?? []) if (block.type === "text") answer.take(block.text);
}

function takeUsage(usage: Usage, answer: Answer): void {
  answer.count("prompt", usage?.input_tokens);
  answer.count("completion", usage?.output_tokens);
}
