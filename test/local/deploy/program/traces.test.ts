import { leaveOutPromiseTraces } from "../../../../local/deploy/program/traces";

const before = Error.prepareStackTrace;
afterEach(() => {
  if (before === undefined) delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
  else Error.prepareStackTrace = before;
});

const debuggablePromise = (): string | undefined => new Error("of a promise").stack;
const anything = (): string | undefined => new Error("of something").stack;

test("the trace of a promise is not made, all others are", () => {
  const formatted: string[] = [];
  Error.prepareStackTrace = (error) => (formatted.push(error.message), `long ${error.message}`);
  leaveOutPromiseTraces();
  leaveOutPromiseTraces(); // a second run of a program
  expect([debuggablePromise(), anything()]).toEqual(["Error: of a promise", "long of something"]);
  expect(formatted).toEqual(["of something"]);
});

test("Node's own way is left alone", () => {
  delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
  leaveOutPromiseTraces();
  expect(Error.prepareStackTrace).toBeUndefined();
});
