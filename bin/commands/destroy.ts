import { createInterface } from "node:readline/promises";
import { Failure } from "../failure";
import type { StackOptions } from "../options";
import { change } from "./operate";

export interface DestroyOptions extends StackOptions {
  yes: boolean;
}

/** `wandstore destroy`: everything of a stack goes, data included, once a person or `--yes` has said so. */
export async function destroy(options: DestroyOptions): Promise<void> {
  if (!options.yes) await confirm(options.stack);
  await change("destroy", options);
}

async function confirm(stack: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new Failure(
      "NOT_CONFIRMED",
      `destroy deletes everything of stack "${stack}", data included: add --yes to do it`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `This deletes everything of stack "${stack}", data included. Type its name to go on: `,
    );
    if (answer.trim() === stack) return;
    throw new Failure("NOT_CONFIRMED", `"${answer.trim()}" is not "${stack}": nothing was deleted`);
  } finally {
    terminal.close();
  }
}
