import path from "node:path";
import { Command, CommanderError } from "commander";
import { Ended, EXIT, exitCodeOf, report } from "../failure";
import { PROJECT_DIR } from "../options";
import type * as CommentStep from "./commands/comment";
import type * as DeployStep from "./commands/deploy";
import type * as DriftStep from "./commands/drift";
import type * as PreviewStep from "./commands/preview";
import type * as StacksStep from "./commands/stacks";

/** Runs one step and answers with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: "user" });
    return EXIT.OK;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.OK; // --help
    if (error instanceof Ended) return error.exitCode;
    const reported = report(error);
    process.stderr.write(`error: ${reported.message}\n`);
    return exitCodeOf(reported);
  }
}

/** Steps are loaded when they are called: no comment needs the Pulumi SDK, which alone takes a second. */
const steps = {
  comment: () => require("./commands/comment") as typeof CommentStep,
  deploy: () => require("./commands/deploy") as typeof DeployStep,
  drift: () => require("./commands/drift") as typeof DriftStep,
  preview: () => require("./commands/preview") as typeof PreviewStep,
  stacks: () => require("./commands/stacks") as typeof StacksStep,
};

const folder = (name: string): string => path.resolve(name);
const STATE = path.join(PROJECT_DIR, ".wandstore");
const REPORTS = path.join(PROJECT_DIR, ".build/ci");

/** Every step with its options. */
export function program(): Command {
  const ci = new Command("ci")
    .description("The steps from a change to production; docs/guides/ci.md says which workflow runs which.")
    .exitOverride()
    .configureOutput({ outputError: () => {} }); // main says it, once
  const step = (name: string, description: string): Command => ci.command(name).description(description);
  const withState = (command: Command): Command =>
    command.option("--state-dir <folder>", "where the embedded cloud keeps its state", folder, STATE);
  const onStack = (command: Command): Command =>
    withState(command).option("--local", "in the embedded cloud, without the Pulumi CLI", false);

  onStack(step("preview", "preview one stack with the policy pack and its cost; writes a report"))
    .requiredOption("-s, --stack <name>", "which stack: Pulumi.<name>.yaml")
    .option("--base <commit>", "compare settings and cost with the stack file of this commit", "HEAD")
    .option("--out <folder>", "where the report goes", folder, REPORTS)
    .action((options: PreviewStep.PreviewOptions) => steps.preview().preview(options));
  step("comment", "make one comment of all reports and put it at the pull request")
    .option("--reports <folder>", "where the reports are", folder, REPORTS)
    .option("--pr <number>", "which pull request (default: that of the workflow's event)")
    .option("--author <login>", "whose comment is put anew", "github-actions[bot]")
    .option("--print", "print it and send nothing", false)
    .action((options: CommentStep.CommentOptions) => steps.comment().comment(options));
  onStack(step("deploy", "deploy a stack past the policy pack, and see that it answers"))
    .requiredOption("-s, --stack <name>", "which stack")
    .action((options: DeployStep.DeployOptions) => steps.deploy().deploy(options));
  onStack(step("promote", "deploy a stack with the image that another one has verified"))
    .requiredOption("--from <stack>", "where the image was verified")
    .requiredOption("--to <stack>", "where it goes")
    .option("--release <id>", "refuse unless this is still the release of the former")
    .action((options: DeployStep.PromoteOptions) => steps.deploy().promote(options));
  withState(step("drift", "compare a stack's cloud with its state; opens, updates or closes an issue"))
    .requiredOption("-s, --stack <name>", "which stack")
    .option("--issue", "tell it in an issue, too", false)
    .option("--author <login>", "whose issue is put anew", "github-actions[bot]")
    .action((options: DriftStep.DriftOptions) => steps.drift().drift(options));
  step("stacks", "list stacks as JSON for a workflow's matrix")
    .option("--shops", "shops alone, in waves", false)
    .option("--wave <percent>", "size of the first wave, at least one shop", "10")
    .option("--changed <commit>", "of the shops those whose file or folder changed since this commit")
    .action((options: StacksStep.StacksOptions) => steps.stacks().stacks(options));
  return ci;
}
