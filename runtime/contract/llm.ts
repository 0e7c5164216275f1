import * as z from "zod";

/** One model provider of a stack; they are asked in order. The key is a secret and not part of this. */
export const LlmProviderSchema = z.strictObject({
  kind: z
    .enum(["kimi", "claude", "openai"])
    .describe("`kimi` and `openai` speak the OpenAI wire format, `claude` Anthropic's."),
  model: z.string().min(1).max(120).describe("Name of the model, as the provider has it."),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where the provider answers, an http or https address; by default its own."),
});
export type LlmProvider = z.infer<typeof LlmProviderSchema>;
export const LlmProvidersSchema = z.array(LlmProviderSchema).max(5);

/** Environment variable that carries the key of each kind of provider into the container. */
export const LLM_KEY_VARIABLES = { kimi: "KIMI_API_KEY", claude: "CLAUDE_API_KEY", openai: "LLM_API_KEY" } as const;
