/** What the models of one family accept in a chat completion of the OpenAI wire format. */
export interface Capabilities {
  /** Name of the parameter that caps the answer. */
  tokenLimit: "max_tokens" | "max_completion_tokens";
  /** Sampling temperature to send; absent where the family fixes its own and refuses another. */
  temperature?: number;
  /** Sent as it is: these families think, at length and at our cost, unless told not to. */
  extra?: Readonly<Record<string, unknown>>;
  /** Whether `response_format: {type: "json_object"}` is understood. */
  jsonMode: boolean;
  /** Whether a stream has to be asked for its count of tokens (`stream_options`); the others refuse that and count unasked. */
  usageOnRequest: boolean;
}

/** Families whose sampling is fixed: no temperature, and their own name for the cap. */
const FIXED: Capabilities = { tokenLimit: "max_completion_tokens", jsonMode: true, usageOnRequest: true };
/** moonshot-v1, gpt-4 and most local servers. */
const CLASSIC: Capabilities = { tokenLimit: "max_tokens", temperature: 0.6, jsonMode: true, usageOnRequest: true };

/**
 * First match wins; the pattern meets the model's id without what a gateway puts before it (`moonshotai/kimi-k2.6`).
 * Sources: platform.kimi.ai/docs/api (sampling is fixed on kimi-*, thinking is on by default, max_completion_tokens),
 * platform.openai.com/docs (reasoning models refuse temperature and max_tokens) and github.com/openai/openai-agents-python
 * issue 442 (Mistral answers 422 to `stream_options`).
 */
const FAMILIES: readonly { pattern: RegExp; capabilities: Capabilities }[] = [
  { pattern: /^kimi-k2\.[56]\b(?!-code)/, capabilities: { ...FIXED, extra: { thinking: { type: "disabled" } } } },
  { pattern: /^kimi-k3/, capabilities: { ...FIXED, extra: { reasoning_effort: "low" } } },
  { pattern: /^kimi-/, capabilities: FIXED },
  { pattern: /^(gpt-[5-9]|o\d)/, capabilities: FIXED },
  {
    pattern: /^(mistral|ministral|magistral|devstral|codestral|open-mi)/,
    capabilities: { ...CLASSIC, usageOnRequest: false },
  },
  // Cloudflare's own catalogue on Workers AI; its JSON mode wants a schema.
  { pattern: /^@cf$/, capabilities: { ...CLASSIC, jsonMode: false } },
];

export function capabilitiesOf(model: string): Capabilities {
  const id = model.startsWith("@cf/") ? "@cf" : model.slice(model.lastIndexOf("/") + 1);
  return FAMILIES.find(({ pattern }) => pattern.test(id.toLowerCase()))?.capabilities ?? CLASSIC;
}

/** What keeps a Claude model from thinking where it would by itself. */
export interface ClaudeCapabilities {
  thinking?: { type: "disabled" };
  output_config?: { effort: "low" };
}

/**
 * First match wins. Thinking is on by default since Claude 5 and counts towards the cap; Haiku lets it be turned off, the
 * others refuse that and take an effort (platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting). None is
 * sent a temperature: the newer ones refuse any but their default.
 */
const CLAUDE_FAMILIES: readonly { pattern: RegExp; capabilities: ClaudeCapabilities }[] = [
  { pattern: /^claude-haiku-[5-9]/, capabilities: { thinking: { type: "disabled" } } },
  { pattern: /^claude-[a-z]+-[5-9]/, capabilities: { output_config: { effort: "low" } } },
];

export function claudeCapabilitiesOf(model: string): ClaudeCapabilities {
  return CLAUDE_FAMILIES.find(({ pattern }) => pattern.test(model))?.capabilities ?? {};
}
