import { liveProgress } from "./live";
import { plainProgress, type Progress } from "./plain";
import { canRedraw } from "./style";

export type { Progress } from "./plain";
export { complain, say } from "./say";
export { outputLines, policyLines, stepLines, summaryLine } from "./table";

/** A tree on a terminal, lines elsewhere. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return canRedraw(stream) ? liveProgress(stream) : plainProgress((line) => void stream.write(`${line}\n`));
}
