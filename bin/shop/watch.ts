import type { DeployEvent } from "../../local/deploy";
import { complain, progressOn } from "../display";
import type { Watching } from "./place";

/**
 * Shows an operation as it goes on, as `wandstore up` does; with `json` only warnings are told, where they disturb no document.
 */
export async function watched<T>(json: boolean, work: (watching: Watching) => Promise<T>): Promise<T> {
  if (json) return work({ onEvent: warn });
  const progress = progressOn(process.stdout);
  try {
    return await work({
      onEvent: (event) => {
        progress.onEvent(event);
        if (event.kind === "policy" && event.result.level === "advisory") {
          complain(`advice ${event.result.rule}: ${event.result.message}`);
        }
      },
      onOutput: (text) => void process.stdout.write(text),
    });
  } finally {
    progress.end();
  }
}

function warn(event: DeployEvent): void {
  if (event.kind === "diagnostic" && event.level !== "info") complain(`${event.level}: ${event.message}`);
}
