import path from "node:path";
import { EXIT, Ended, Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { code } from "../comment/markdown";
import { driftMarker, DriftSchema, driftText, type Drift } from "../comment/driftText";
import { addSummary } from "../github/actions";
import { gitHub, GitHubRefusal } from "../github/api";
import { closeIssue, keepIssue } from "../github/kept";
import { runTool } from "../process";

export interface DriftOptions {
  stateDir: string;
  stack: string;
  issue: boolean;
  author: string;
}

const LIMIT_MS = 20 * 60_000;
/** GitHub's answers where a token may write no issues, and where a repository has none. */
const NO_ISSUES = [403, 404, 410];

/**
 * `npm run ci:drift`: what somebody changed by hand, on the run's page and with `--issue` in one issue of the stack, which is
 * closed when nothing differs any more. Ends with 2 where something differs and no issue tells it.
 */
export async function drift({ stack, stateDir, issue, author }: DriftOptions): Promise<void> {
  const found = await compare(stack, stateDir);
  const marker = driftMarker(stack);
  if (!found.drifted) {
    process.stdout.write(`${stack}: nothing differs\n`);
    addSummary(`- ${code(stack)}: nothing differs`);
    if (issue && (await closeIssue(gitHub(), { marker, author }))) process.stdout.write("the issue is closed\n");
    return;
  }
  const body = driftText(found);
  if (!addSummary(body)) process.stdout.write(`${body}\n`);
  if (issue && (await open(`Drift: stack ${stack} was changed by hand`, { marker, author, body }))) return;
  throw new Ended(EXIT.DRIFTED);
}

async function compare(stack: string, stateDir: string): Promise<Drift> {
  const args = [path.join(PROJECT_DIR, "bin/wandstore.js"), "drift", "-s", stack, "--json", "--state-dir", stateDir];
  const { code: ended, stdout } = await runTool(process.execPath, args, { deadlineMs: LIMIT_MS });
  if (ended === EXIT.OK || ended === EXIT.DRIFTED) return DriftSchema.parse(JSON.parse(stdout));
  let why = `it ended with ${ended}`;
  try {
    why = (JSON.parse(stdout) as { error: { message: string } }).error.message;
  } catch {
    // What it said is in the log.
  }
  throw new Failure("REFRESH_FAILED", `stack "${stack}" could not be compared with its cloud: ${why}`);
}

/** Answers whether an issue tells it now. */
async function open(title: string, text: { marker: string; author: string; body: string }): Promise<boolean> {
  try {
    const { url, updated } = await keepIssue(gitHub(), title, text);
    process.stdout.write(`${updated ? "updated" : "opened"}: ${url}\n`);
    return true;
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || !NO_ISSUES.includes(error.status)) throw error;
    process.stdout.write(`no issue could be written (${error.status})\n`);
    return false;
  }
}
