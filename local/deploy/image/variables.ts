import type { Instruction } from "dockerfile-ast";
import { Refusal } from "./refusal";

const NAMED = /\$(?:(\w+)|\{(\w+)\})/g;

/**
 * Puts values in the place of `$NAME` and `${NAME}`. Docker makes an empty text of a name that nothing gives a value; that is
 * hardly ever meant, so it is refused here, as are the other forms (`${NAME:-else}`, `\$`).
 */
export function expand(text: string, variables: ReadonlyMap<string, string>, instruction: Instruction): string {
  const isEscaped = instruction.getRawArgumentsContent()?.includes("\\$") === true; // which the parser takes away
  if (text.replace(NAMED, "").includes("$") || isEscaped) {
    throw new Refusal(instruction, `uses a variable in another form than $NAME and \${NAME} in ${text}`);
  }
  return text.replace(NAMED, (_all, plain: string | undefined, braced: string | undefined) => {
    const name = plain ?? braced ?? "";
    const value = variables.get(name);
    if (value === undefined) {
      throw new Refusal(instruction, `uses a variable that no ARG or ENV before it gives a value: ${name}`);
    }
    return value;
  });
}
