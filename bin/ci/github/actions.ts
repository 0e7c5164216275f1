import { appendFileSync, readFileSync } from "node:fs";
import { z } from "zod";

/** What GitHub Actions tells a step, and the files in which it listens. Outside of it there is none of this. */

/** Sets an output of the step, for other jobs. Nothing that is secret: outputs are not hidden. */
export function setOutput(name: string, value: string): void {
  if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has more than one line`);
  append("GITHUB_OUTPUT", `${name}=${value}\n`);
}

/** Adds to the page of the run. @returns whether there is one */
export const addSummary = (markdown: string): boolean => append("GITHUB_STEP_SUMMARY", `${markdown}\n`);

function append(variable: string, text: string): boolean {
  const file = process.env[variable] ?? "";
  if (file === "") return false;
  appendFileSync(file, text);
  return true;
}

const EventSchema = z.looseObject({
  pull_request: z.looseObject({ number: z.int(), head: z.looseObject({ sha: z.string() }) }).optional(),
});

/** The pull request of the event that started the workflow. */
export function pullRequest(): { number: number; commit: string } | undefined {
  const file = process.env["GITHUB_EVENT_PATH"] ?? "";
  if (file === "") return undefined;
  const event = EventSchema.parse(JSON.parse(readFileSync(file, "utf8"))).pull_request;
  return event && { number: event.number, commit: event.head.sha };
}
