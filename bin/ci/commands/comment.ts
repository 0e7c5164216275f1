import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "../../failure";
import { compose, MARKER } from "../comment/compose";
import { addSummary, pullRequest } from "../github/actions";
import { gitHub, GitHubRefusal } from "../github/api";
import { keepComment } from "../github/kept";
import { ReportSchema, type Report } from "../report/report";

export interface CommentOptions {
  reports: string;
  pr?: string;
  author: string;
  print: boolean;
}

/**
 * `npm run ci:comment`: all reports as one comment of the pull request, in the place of the former one. Where the token may not
 * write, as in a pull request of a fork, the run's own page gets it.
 */
export async function comment({ reports, pr, author, print }: CommentOptions): Promise<void> {
  const event = pullRequest();
  const body = compose(readReports(reports), event?.commit);
  if (print) return void process.stdout.write(body);
  const number = pr === undefined ? event?.number : Number(pr);
  if (number === undefined || !Number.isSafeInteger(number) || number < 1) {
    throw new Failure("USAGE", "there is no pull request to write to: name it with --pr 12, or print with --print");
  }
  try {
    const { url, updated } = await keepComment(gitHub(), number, { marker: MARKER, author, body });
    process.stdout.write(`${updated ? "updated" : "written"}: ${url}\n`);
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 403) throw error;
    const there = addSummary(body);
    if (!there) process.stdout.write(body);
    process.stdout.write(`not allowed to comment; the preview is ${there ? "on the run's page" : "above"}\n`);
  }
}

/** Every report of a folder, those of its folders included: artifacts come each in one of its own. */
function readReports(folder: string): Report[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => readReport(path.join(folder, name)));
}

function readReport(file: string): Report {
  try {
    return ReportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new Failure("USAGE", `${file} is no report of ci:preview: ${(cause as Error).message}`);
  }
}
