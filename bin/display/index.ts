import { liveProgress, plainProgress, type Progress } from "./progress";

export type { Progress } from "./progress";
export { outputLines, policyLines, stepLines, summaryLine } from "./table";

export const say = (line = ""): void => void process.stdout.write(`${line}\n`);

/** A tree on a terminal, lines elsewhere. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? liveProgress(stream) : plainProgress((line) => void stream.write(`${line}\n`));
}
