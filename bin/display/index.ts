import { liveProgress } from "./live";
import { plainProgress, type Progress } from "./plain";

export type { Progress } from "./plain";
export { outputLines, policyLines, stepLines, summaryLine } from "./table";

export const say = (line = ""): void => void process.stdout.write(`${line}\n`);

/** Where a message disturbs no document on stdout. */
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** A tree on a terminal, lines elsewhere. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? liveProgress(stream) : plainProgress((line) => void stream.write(`${line}\n`));
}
