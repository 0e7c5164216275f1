import type OpenAI from "openai";
import type { ProviderWithKey } from "../config";
import type { Prompt } from "../prompt/prompt";
import { toModelError } from "./apiError";
import { capabilitiesOf, type Capabilities } from "./capabilities";
import { once } from "./once";
import type { ModelProvider } from "./provider";

const DEFAULT_BASE_URLS = { kimi: "https://api.moonshot.ai/v1", openai: "https://api.openai.com/v1" } as const;

/** A model that speaks the OpenAI wire format: Kimi, OpenAI, Workers AI, a local server. */
export function openAiProvider({ provider, apiKey }: ProviderWithKey, kind: "kimi" | "openai"): ModelProvider {
  const capabilities = capabilitiesOf(provider.model);
  // Loaded when first needed: a stack without a model never pays for it. Everything the SDK would otherwise read from the
  // environment is given, and it retries nothing by itself.
  const connect = once(async () => {
    const { OpenAI: Client } = await import("openai");
    return new Client({
      apiKey,
      baseURL: provider.baseUrl ?? DEFAULT_BASE_URLS[kind],
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: "off",
    });
  });
  return {
    kind,
    model: provider.model,
    async warm() {
      await connect();
    },
    async complete(prompt, signal) {
      try {
        const api = await connect();
        const answer = await api.chat.completions.create(toRequest(provider.model, prompt, capabilities), { signal });
        return {
          // A gateway may answer 200 with anything; what is no completion becomes an empty text, which no layout is.
          text: answer.choices?.[0]?.message?.content ?? "",
          tokens: { prompt: answer.usage?.prompt_tokens ?? 0, completion: answer.usage?.completion_tokens ?? 0 },
        };
      } catch (error) {
        throw toModelError(error, signal);
      }
    },
  };
}

function toRequest(
  model: string,
  prompt: Prompt,
  capabilities: Capabilities,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.user },
    ],
    [capabilities.tokenLimit]: prompt.maxTokens,
    ...(capabilities.temperature === undefined ? {} : { temperature: capabilities.temperature }),
    ...(capabilities.jsonMode ? { response_format: { type: "json_object" } } : {}),
    ...capabilities.extra,
  };
}
