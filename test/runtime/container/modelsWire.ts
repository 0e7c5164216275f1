/** What answers look like in both wire formats, at once and in pieces. */

/** Tokens that each good answer says it took. */
export const STUB_TOKENS = { prompt: 1000, completion: 200 };

/** What an answer says besides its text. */
export interface Ending {
  /** The model stopped at the limit of tokens. */
  atLimit?: boolean;
  /** The answer does not say what it took. */
  uncounted?: boolean;
}

/** One of the two wire formats. */
export interface Wire {
  /** The answer to a request without `stream`. */
  whole(text: string, ending: Ending): object;
  /** Events of a stream before the first token, for a piece of text, and after the last one. */
  opening: string;
  piece(text: string): string;
  closing(ending: Ending): string;
}

const usage = {
  prompt_tokens: STUB_TOKENS.prompt,
  completion_tokens: STUB_TOKENS.completion,
  total_tokens: STUB_TOKENS.prompt + STUB_TOKENS.completion,
};
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (choices: object[], more: object = {}): string =>
  data({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "stub", choices, ...more });
const finishOf = ({ atLimit }: Ending): string => (atLimit === true ? "length" : "stop");

export const OPENAI: Wire = {
  whole: (text, ending) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "stub",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finishOf(ending) }],
    ...(ending.uncounted !== true && { usage }),
  }),
  opening: chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
  piece: (content) => chunk([{ index: 0, delta: { content }, finish_reason: null }], { usage: null }),
  closing: (ending) =>
    chunk([{ index: 0, delta: {}, finish_reason: finishOf(ending) }]) +
    (ending.uncounted === true ? "" : chunk([], { usage })) +
    "data: [DONE]\n\n",
};

const event = (type: string, more: object = {}): string => `event: ${type}\n${data({ type, ...more })}`;
const stopOf = ({ atLimit }: Ending): string => (atLimit === true ? "max_tokens" : "end_turn");
const message = { id: "msg_1", type: "message", role: "assistant", model: "stub" };

export const ANTHROPIC: Wire = {
  whole: (text, ending) => ({
    ...message,
    content: [{ type: "text", text }],
    stop_reason: stopOf(ending),
    ...(ending.uncounted !== true && {
      usage: { input_tokens: STUB_TOKENS.prompt, output_tokens: STUB_TOKENS.completion },
    }),
  }),
  opening:
    event("message_start", {
      message: { ...message, content: [], usage: { input_tokens: STUB_TOKENS.prompt, output_tokens: 1 } },
    }) +
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
    event("ping"),
  piece: (text) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
  closing: (ending) =>
    event("content_block_stop", { index: 0 }) +
    event("message_delta", {
      delta: { stop_reason: stopOf(ending) },
      ...(ending.uncounted !== true && { usage: { output_tokens: STUB_TOKENS.completion } }),
    }) +
    event("message_stop"),
};
