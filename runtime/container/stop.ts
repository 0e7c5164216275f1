/** Conventional exit code of a process that Ctrl-C ended. */
const INTERRUPTED = 130;

let asked: NodeJS.Signals | undefined;
let stop: ((signal: NodeJS.Signals) => void) | undefined;

// When this module is loaded, and it is the first: process 1 of a container never gets a signal that it does not listen for,
// and one that comes while the rest is loaded would be lost.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (asked === undefined) {
      asked = signal;
      stop?.(signal);
    } else if (signal === "SIGINT") {
      process.exit(INTERRUPTED); // a person at a terminal who does not want to wait
    }
  });
}

/**
 * Calls `then` once, at the first SIGTERM or SIGINT; at once if that has come. A further SIGTERM changes nothing, a SIGINT after
 * another signal ends the process with what is under way.
 */
export function onStop(then: (signal: NodeJS.Signals) => void): void {
  stop = then;
  if (asked !== undefined) then(asked);
}
