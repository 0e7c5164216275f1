import type OpenAI from "openai";
import type { ProviderWithKey } from "../config";
import type { Prompt } from "../prompt/prompt";
import type { Answer } from "./answer";
import { toModelError } from "./apiError";
import { capabilitiesOf, type Capabilities } from "./capabilities";
import { once } from "./once";
import type { ModelProvider } from "./provider";
import { isEventStream, limitedFetch, readObject } from "./wire";

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
      fetch: limitedFetch,
    });
  });
  return {
    kind,
    model: provider.model,
    async warm() {
      await connect();
    },
    async complete(prompt, answer, signal) {
      try {
        const api = await connect();
        const request = toRequest(provider.model, prompt, capabilities);
        const { data, response } = await api.chat.completions.create(request, { signal }).withResponse();
        if (isEventStream(response)) for await (const chunk of data) takeChunk(chunk, answer);
        else takeCompletion((await readObject(response)) as Partial<OpenAI.ChatCompletion>, answer);
      } catch (error) {
        throw toModelError(error, signal);
      }
      // The SDK ends a stream that was aborted as if it were whole.
      if (signal.aborted) throw toModelError(undefined, signal);
    },
  };
}

/** What gateways add to the format, or put elsewhere than OpenAI. */
interface GatewayChoice {
  /** Kimi's, and others that let a model's thoughts be seen. */
  delta?: { content?: unknown; reasoning_content?: unknown; reasoning?: unknown };
  finish_reason?: unknown;
  /** Kimi's count. */
  usage?: Usage;
}
type Usage = { prompt_tokens?: unknown; completion_tokens?: unknown } | null | undefined;

/** A gateway may send anything; what is no chunk is nothing. */
function takeChunk(chunk: unknown, answer: Answer): void {
  const { choices, usage } = (chunk ?? {}) as { choices?: GatewayChoice[]; usage?: Usage };
  const choice = choices?.[0];
  answer.thinks(choice?.delta?.reasoning_content ?? choice?.delta?.reasoning);
  answer.take(choice?.delta?.content);
  if (choice?.finish_reason === "length") answer.isCutAtLimit = true;
  takeUsage(usage ?? choice?.usage, answer);
}

/** A gateway may answer 200 with anything; what is no completion is an empty text, which no page is. */
function takeCompletion(completion: Partial<OpenAI.ChatCompletion>, answer: Answer): void {
  const choice = completion.choices?.[0];
  takeUsage(completion.usage, answer);
  if (choice?.finish_reason === "length") answer.isCutAtLimit = true;
  answer.take(choice?.message?.content);
}

function takeUsage(usage: Usage, answer: Answer): void {
  answer.count("prompt", usage?.prompt_tokens);
  answer.count("completion", usage?.completion_tokens);
}

function toRequest(
  model: string,
  prompt: Prompt,
  capabilities: Capabilities,
): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.user },
    ],
    stream: true,
    ...(capabilities.usageOnRequest ? { stream_options: { include_usage: true } } : {}),
    [capabilities.tokenLimit]: prompt.maxTokens,
    ...(capabilities.temperature === undefined ? {} : { temperature: capabilities.temperature }),
    ...(capabilities.jsonMode ? { response_format: { type: "json_object" } } : {}),
    ...capabilities.extra,
  };
}
