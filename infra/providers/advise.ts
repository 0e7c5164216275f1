/** Adds what to do to an error's message; it stays the error it was, so that its code and status are still there. */
export function advise(error: Error, advice: string): Error {
  error.message += ` ${advice}`;
  return error;
}
