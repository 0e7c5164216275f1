import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { FleetError, type FleetErrorCode } from "./errors";
import { headline } from "./headline";

/** What was heard of an operation while it went on. */
export interface Told {
  readonly onEvent: (event: EngineEvent) => void;
  /** What the engine complained of, without repetitions. */
  readonly errors: readonly string[];
  /** What mandatory policies refuse. */
  readonly refusals: readonly string[];
  /** Resources by what was done to them. */
  readonly summary: Readonly<Record<string, number>>;
}

const DOING: Readonly<Record<string, string>> = {
  create: "creating",
  update: "updating",
  replace: "replacing",
  delete: "deleting",
};

/** Listens to the events of one operation. */
export function told(onProgress: (text: string) => void = () => undefined): Told {
  const errors: string[] = [];
  const refusals: string[] = [];
  const summary: Record<string, number> = {};
  const onEvent = (event: EngineEvent): void => {
    const { resourcePreEvent: pre, diagnosticEvent: said, policyEvent: policy, summaryEvent: end } = event;
    const doing = pre && DOING[pre.metadata.op];
    if (pre && doing !== undefined) onProgress(`${doing} ${nameOf(pre.metadata.urn)}`);
    if (said?.severity === "error") addOnce(errors, headline(said.message).replace(/^error:\s*/, ""));
    if (policy?.enforcementLevel === "mandatory") {
      addOnce(refusals, `${policy.policyName}: ${lastLine(policy.message)} (${nameOf(policy.resourceUrn ?? "")})`);
    }
    if (end) Object.assign(summary, end.resourceChanges);
  };
  return { onEvent, errors, refusals, summary };
}

function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text);
}

export const PROTECTED =
  "what holds the shop's data is protected: set wandstore:protect to false in the stack's file, bring that in with an up, then destroy";

/** What the CLI says, what it means, and what to do; the first that is found counts. */
const KNOWN: readonly (readonly [pattern: RegExp, code: FleetErrorCode, todo: string])[] = [
  [
    /ENOENT|command not found|Failed to get Pulumi CLI/,
    "NO_PULUMI",
    "there is no pulumi command on the PATH: install it (https://www.pulumi.com/docs/install), or add --local for the embedded cloud",
  ],
  [
    /Minimum version requirement failed|Major version mismatch/,
    "NO_PULUMI",
    "the pulumi command on the PATH is too old for this project: install a newer one, or add --local for the embedded cloud",
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set|not logged in/i,
    "NOT_LOGGED_IN",
    "the Pulumi CLI does not know where the state is: run `pulumi login`, or set PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN",
  ],
  [
    /passphrase must be set|incorrect passphrase|unable to find either `?PULUMI_CONFIG_PASSPHRASE/i,
    "SECRETS_LOCKED",
    "the stack's secrets cannot be opened: set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to its passphrase",
  ],
  [
    /failed to connect to any docker daemon|Cannot connect to the Docker daemon/i,
    "NO_DOCKER",
    "there is no Docker to build the generator's image with: start it, or deploy an image that is built already, by --from staging, " +
      "by --image, or by wandstore:image in the stack's file",
  ],
  [/\bis protected\b|--target-dependents or delete.*protect/, "PROTECTED", PROTECTED],
];

/** What is known of an operation that failed. */
interface Circumstances {
  readonly stack?: string;
  readonly interrupted?: boolean;
  readonly heard?: Told;
}

/** Complaints that are repeated: with a wrong token each resource has its own. */
const MOST_ERRORS = 3;

/** The failure that an error of the Automation API is. The CLI hides secrets in all that it says. */
export function failureOf(cause: unknown, { stack = "?", interrupted = false, heard }: Circumstances): Error {
  const fail = (code: FleetErrorCode, message: string): FleetError => new FleetError(code, message, { cause });
  if (cause instanceof FleetError) return cause;
  if (interrupted) return fail("INTERRUPTED", `stack "${stack}" was stopped; its state holds what was made so far`);
  if (heard && heard.refusals.length > 0) {
    const lines = heard.refusals.map((refusal) => `- ${refusal}`);
    return fail("POLICY_VIOLATED", [`policies refuse stack "${stack}":`, ...lines].join("\n"));
  }
  if (cause instanceof ConcurrentUpdateError) {
    const how = `wait until it has ended; if that run is gone, "pulumi cancel --stack ${stack}" takes its lock away`;
    return fail("STACK_LOCKED", `stack "${stack}" is being deployed by another run: ${how}`);
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  const everything = [text, ...(heard?.errors ?? [])].join("\n").replaceAll(/\s+/g, " ");
  const known = KNOWN.find(([pattern]) => pattern.test(everything));
  if (known) return fail(known[1], `stack "${stack}": ${known[2]}`);
  if (!(cause instanceof CommandError) && (heard?.errors.length ?? 0) === 0) {
    return cause instanceof Error ? cause : new Error(text);
  }
  const complaints = heard && heard.errors.length > 0 ? heard.errors : errorsIn(text);
  const more = complaints.length > MOST_ERRORS ? [`… and ${complaints.length - MOST_ERRORS} more`] : [];
  const said = [...complaints.slice(0, MOST_ERRORS), ...more].map((line) => `\n- ${line}`).join("");
  return fail("DEPLOY_FAILED", `the Pulumi CLI could not do it with stack "${stack}":${said}`);
}

/** The lines of what the CLI printed that say what went wrong. */
function errorsIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const errors = lines.flatMap((line) => /^(?:stderr:\s*)?error: (.+)$/.exec(line)?.[1] ?? []);
  return errors.length > 0 ? [...new Set(errors)] : [lines.find((line) => line !== "") ?? "it does not say why"];
}

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || "the stack";
const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
