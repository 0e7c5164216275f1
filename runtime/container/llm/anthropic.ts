import type { ProviderWithKey } from "../config";
import { toModelError } from "./apiError";
import { claudeCapabilitiesOf } from "./capabilities";
import { once } from "./once";
import type { ModelProvider } from "./provider";

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
    });
  });
  return {
    kind: "claude",
    model: provider.model,
    async warm() {
      await connect();
    },
    async complete(prompt, signal) {
      try {
        const api = await connect();
        const answer = await api.messages.create(
          {
            model: provider.model,
            max_tokens: prompt.maxTokens,
            system: prompt.system,
            messages: [{ role: "user", content: prompt.user }],
            ...capabilities,
          },
          { signal },
        );
        return {
          // A gateway may answer 200 with anything; what is no message becomes an empty text, which no layout is.
          text: answer.content?.map((block) => (block.type === "text" ? block.text : "")).join("") ?? "",
          tokens: { prompt: answer.usage?.input_tokens ?? 0, completion: answer.usage?.output_tokens ?? 0 },
        };
      } catch (error) {
        throw toModelError(error, signal);
      }
    },
  };
}
