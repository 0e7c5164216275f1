import { createInterface } from "node:readline/promises";
import { Failure } from "./failure";

/** Asks one question; answers with what was typed, without the spaces around it. */
export type Ask = (question: string) => Promise<string>;

/**
 * Lets a person answer questions on the terminal; they are on stderr, where they disturb no document.
 * @throws Failure INTERRUPTED after Ctrl-C, NOT_CONFIRMED where the input ends without an answer (Ctrl-D)
 */
export async function onTerminal<T>(
  work: (ask: Ask) => Promise<T>,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<T> {
  const terminal = createInterface({ input, output, terminal: true });
  const left = Promise.withResolvers<never>();
  left.promise.catch(() => {}); // it is looked at by a question alone
  const leave = (failure: Failure) => (): void => {
    output.write("\n"); // the cursor is behind the question
    left.reject(failure);
  };
  const onEnd = leave(new Failure("NOT_CONFIRMED", "there was no answer: nothing was done"));
  terminal.once("SIGINT", () => {
    terminal.off("close", onEnd);
    leave(new Failure("INTERRUPTED", "stopped: nothing was done"))();
  });
  terminal.once("close", onEnd);
  try {
    return await work(async (question) => {
      const answered = terminal.question(question).catch(() => left.promise);
      return (await Promise.race([answered, left.promise])).trim();
    });
  } finally {
    terminal.off("close", onEnd);
    terminal.close();
  }
}
