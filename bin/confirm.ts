import { complain } from "./display/say";
import { Failure } from "./failure";
import { onTerminal } from "./terminal";

/**
 * Lets a person say the stack's name before something that cannot be taken back.
 * @param what what is about to happen, as a sentence with the stack in it.
 * @throws Failure NOT_CONFIRMED for another answer, and where nobody can be asked; INTERRUPTED after Ctrl-C
 */
export async function confirmByName(stack: string, what: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Failure("NOT_CONFIRMED", `${what}: add --yes to do it`);
  complain(`${what}.`);
  // A short question: a terminal of 40 columns has it in one line.
  const answer = await onTerminal((ask) => ask(`Type ${stack} to go on: `));
  if (answer !== stack) throw new Failure("NOT_CONFIRMED", `"${answer}" is not "${stack}": nothing was done`);
}
