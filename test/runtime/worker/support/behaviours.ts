import { answer, errorOf, pageFor, type Behaviour } from "./generator";

/** Behaves so for the first requests, in turn, and answers the page after that. */
export function first(...behaviours: Behaviour[]): Behaviour {
  let asked = 0;
  return (one, response) => {
    const behaviour = behaviours[asked++];
    return behaviour === undefined ? answer(response, 200, pageFor(one.request)) : behaviour(one, response);
  };
}

/** Answers every request with one error. */
export const failing =
  (status: number, code: string): Behaviour =>
  (_asked, response) =>
    answer(response, status, errorOf(code, "as the test wants it"));
