const installed = new WeakSet<object>();

/**
 * Leaves out the stack traces that Pulumi's SDK takes of every promise, to name those that never settle: where sources are
 * compiled as they are loaded, leading one trace back to them takes a millisecond, which is most of what a program takes that
 * changes nothing. All other traces stay as they are.
 */
export function leaveOutPromiseTraces(): void {
  const format = Error.prepareStackTrace;
  if (format === undefined || installed.has(format)) return; // Node's own way is quick
  const shortened: typeof format = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? String(error) : format(error, frames);
  installed.add(shortened);
  Error.prepareStackTrace = shortened;
}
