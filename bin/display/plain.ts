import type { DeployEvent, Step } from "../../local/deploy";
import { duration, OPERATIONS, shortType } from "./style";

/** Shows a deployment as it goes on. */
export interface Progress {
  onEvent(event: DeployEvent): void;
  /** Leaves the last picture standing. */
  end(): void;
}

export const PHASES = {
  plan: "Judging the program …",
  apply: "Deploying …",
  remove: "Removing what is replaced or no longer declared …",
};

/** One line per event, for logs and pipes. */
export function plainProgress(write: (line: string) => void): Progress {
  return {
    onEvent(event) {
      if (event.kind === "phase") write(PHASES[event.phase]);
      else if (event.kind === "started") write(` ${lineOf(event.step)} ${OPERATIONS[event.step.op].doing} …`);
      else if (event.kind === "done") {
        write(` ${lineOf(event.step)} ${OPERATIONS[event.step.op].done}${took(event.ms)}`);
      } else if (event.kind === "failed") write(` ${lineOf(event.step)} failed (${duration(event.ms)})`);
      else if (event.kind === "diagnostic") write(diagnostic(event));
    },
    end() {},
  };
}

/** Components take no time: they only hold others. */
export const took = (ms: number): string => (ms === 0 ? "" : ` (${duration(ms)})`);

const lineOf = ({ op, type, name }: Step): string => `${OPERATIONS[op].sign.padEnd(2)} ${shortType(type)} ${name}`;

export const diagnostic = ({ level, message }: Extract<DeployEvent, { kind: "diagnostic" }>): string =>
  `${level}: ${message}`;
