import type { WandError } from "../../contract/errors";
import { fence } from "./fence";
import type { Prompt } from "./prompt";

/** Of an answer that is to be put right, in characters; what is longer would cost more than a new page. */
const LONGEST_REPAIR = 60_000;

/** Asks for the same again, without the fault of the answer `text`. */
export function repairPrompt(prompt: Prompt, fault: WandError, text: string): Prompt {
  const answer = fence({ answer: text.slice(0, LONGEST_REPAIR) });
  return {
    system: `${prompt.system}\nYour last answer stands between <${answer.mark}> and </${answer.mark}>. It was refused: ${fault.message} Answer again, whole and put right.`,
    user: `${prompt.user}\n${answer.text}`,
    maxTokens: prompt.maxTokens,
  };
}
