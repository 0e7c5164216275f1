import { createInterface } from "node:readline/promises";
import { Failure } from "./failure";

/**
 * Lets a person say the stack's name before something that cannot be taken back.
 * @param what what is about to happen, as a sentence with the stack in it.
 * @throws Failure NOT_CONFIRMED for another answer, and where nobody can be asked
 */
export async function confirmByName(stack: string, what: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Failure("NOT_CONFIRMED", `${what}: add --yes to do it`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(`${what}. Type its name to go on: `)).trim();
    if (answer !== stack) throw new Failure("NOT_CONFIRMED", `"${answer}" is not "${stack}": nothing was done`);
  } finally {
    terminal.close();
  }
}
