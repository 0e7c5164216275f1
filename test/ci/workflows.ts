import { readFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";

export const ROOT = path.resolve(__dirname, "../..");
export const FOLDER = ".github/workflows";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  needs?: string | string[];
  permissions?: unknown;
  "timeout-minutes"?: number;
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: unknown;
  jobs: Record<string, Job>;
}

/** `owner/name@{40 hex digits}`, and the version behind it as a comment. */
const PINNED = /^\s*(?:- )?uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
/** What people outside can give events that run with the secrets of this repository. */
const UNSAFE_EVENTS = ["pull_request_target", "workflow_run", "issue_comment", "issues"];

/** What is wrong with a workflow by the rules of this repository; actionlint judges the language. */
export function problemsOf(text: string, scripts: readonly string[]): string[] {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const { on, permissions, jobs } = document.toJS() as Workflow;
  return [
    ...UNSAFE_EVENTS.filter((event) => event in on).map((event) => `it runs on ${event}`),
    ...(isEmpty(permissions) ? [] : ["its own permissions are not {}"]),
    ...text
      .split("\n")
      .filter((line) => /^\s*(- )?uses:/.test(line) && !/uses: \.\//.test(line) && !PINNED.test(line))
      .map((line) => `not pinned by commit and version: ${line.trim()}`),
    ...Object.entries(jobs).flatMap(([name, job]) =>
      jobProblems(job, Object.keys(jobs), scripts).map((one) => `${name}: ${one}`),
    ),
  ];
}

function jobProblems(job: Job, jobs: readonly string[], scripts: readonly string[]): string[] {
  const { uses, needs = [], permissions, steps = [] } = job;
  const isCall = uses !== undefined;
  return [
    ...(permissions === undefined ? ["no permissions of its own"] : []),
    ...writes(permissions),
    ...(isCall || typeof job["timeout-minutes"] === "number" ? [] : ["no timeout"]),
    ...[needs]
      .flat()
      .filter((other) => !jobs.includes(other))
      .map((other) => `needs ${other}, which is not there`),
    ...steps.flatMap((step) => stepProblems(step, scripts)),
  ];
}

/** Nothing is written but comments and issues. */
function writes(permissions: unknown): string[] {
  if (typeof permissions !== "object" || permissions === null)
    return permissions === undefined ? [] : ["all permissions at once"];
  return Object.entries(permissions)
    .filter(([scope, level]) => level === "write" && scope !== "pull-requests" && scope !== "issues")
    .map(([scope]) => `may write ${scope}`);
}

function stepProblems({ uses = "", run, with: given = {} }: Step, scripts: readonly string[]): string[] {
  const keeps = uses.startsWith("actions/checkout@") && given["persist-credentials"] !== false;
  return [
    ...(keeps ? ["checkout leaves its token in the folder"] : []),
    ...(run === undefined ? [] : runProblems(run, scripts)),
  ];
}

/** A step calls one script of package.json, and no value of an event or a job gets into its shell. */
function runProblems(run: string, scripts: readonly string[]): string[] {
  const [, script] = /^npm run (?:-s )?([\w:-]+)(?: -- [^\n;&|`]*)?$/.exec(run) ?? [];
  return [
    ...(run.includes("${{") ? [`a value is put into the shell: ${run}`] : []),
    ...(run === "npm ci" || script !== undefined ? [] : [`more than one script: ${run}`]),
    ...(script !== undefined && !scripts.includes(script) ? [`package.json has no script ${script}`] : []),
  ];
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

export const scriptsOf = (folder: string = ROOT): string[] =>
  Object.keys((JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { scripts: object }).scripts);
