import { createGenerate } from "../../../../runtime/container/generation/generate";
import { parseBody } from "../../../../runtime/container/generation/parse";
import { startDeadline } from "../../../../runtime/container/deadline";
import { Models } from "../../../../runtime/container/llm/models";
import type { ModelProvider } from "../../../../runtime/container/llm/provider";
import { createLog } from "../../../../runtime/container/log";
import type { Prompt } from "../../../../runtime/container/prompt/prompt";
import {
  type GenerateRequest,
  GenerateRequestSchema,
  type GenerateResponse,
} from "../../../../runtime/contract/generate";

/** What a model says to a prompt. */
export type Says = (prompt: Prompt) => string;

const log = createLog("silent", "test", { write: () => undefined });

/** A page as the generator makes it of a request's body, by a model that is a function: without a network, and without waiting. */
export function generateWith(body: GenerateRequest, says: Says): Promise<GenerateResponse> {
  const model: ModelProvider = {
    kind: "kimi",
    model: "stub",
    warm: () => Promise.resolve(),
    complete: (prompt, answer) => {
      answer.take(says(prompt));
      return Promise.resolve();
    },
  };
  const generate = createGenerate({ models: new Models([model]), log });
  return generate(
    parseBody(GenerateRequestSchema, body),
    startDeadline(undefined, new AbortController().signal),
    "test",
  );
}
