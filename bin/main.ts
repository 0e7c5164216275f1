import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import type * as CloudCommand from "./commands/cloud";
import type * as DestroyCommand from "./commands/destroy";
import type * as DevCommand from "./commands/dev";
import type * as OperateCommands from "./commands/operate";
import type * as OutputsCommand from "./commands/outputs";
import { EXIT, exitCodeOf, report } from "./failure";
import { withServeOptions, withStackOptions, type ServeOptions, type StackOptions } from "./options";

const EXIT_CODES =
  "\nExit codes: 0 done, 1 something is wrong (the message says what), 130 stopped before it was done.";

/** Runs the command line and answers with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  // A document on stdout stays one document, whatever the program in infra/ prints.
  if (json) console.log = console.error;
  try {
    await program().parseAsync(args, { from: "user" });
    return EXIT.OK;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.OK; // --help and --version
    if (error instanceof CommanderError && error.code === "commander.help") return EXIT.FAILED; // no command: the help is out
    const reported = report(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: reported }, null, 2)}\n`);
    else process.stderr.write(`error: ${reported.message}\n`);
    return exitCodeOf(reported);
  }
}

/** Commands are loaded when they are called: the Pulumi SDK alone takes a second, and no help or typo needs it. */
const commands = {
  cloud: () => require("./commands/cloud") as typeof CloudCommand,
  destroy: () => require("./commands/destroy") as typeof DestroyCommand,
  dev: () => require("./commands/dev") as typeof DevCommand,
  operate: () => require("./commands/operate") as typeof OperateCommands,
  outputs: () => require("./commands/outputs") as typeof OutputsCommand,
};

function program(): Command {
  const wandstore = new Command("wandstore")
    .description("Deploys a storefront made for every shopper: by one Pulumi program, here without any account.")
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => {} }) // main says it, once
    .addHelpText("after", EXIT_CODES);
  const command = (name: string, description: string): Command => wandstore.command(name).description(description);

  withServeOptions(command("dev", "start the embedded cloud, deploy stack dev to it and serve (npm start)"))
    .option("--no-serve", "deploy and leave")
    .action((options: DevCommand.DevOptions) => commands.dev().dev(options));
  withStackOptions(command("preview", "say what an up would do; nothing is made")).action((options: StackOptions) =>
    commands.operate().preview(options),
  );
  withStackOptions(command("up", "deploy a stack to the embedded cloud")).action((options: StackOptions) =>
    commands.operate().change("up", options),
  );
  withStackOptions(command("destroy", "delete everything of a stack, data included"))
    .option("--yes", "do not ask", false)
    .action((options: DestroyCommand.DestroyOptions) => commands.destroy().destroy(options));
  withStackOptions(command("outputs", "show the outputs of the last up"))
    .option("--show-secrets", "show secrets in plain text", false)
    .action((options: OutputsCommand.OutputsOptions) => commands.outputs().outputs(options));
  withServeOptions(command("cloud", "run the embedded cloud alone and print the variables for other tools")).action(
    (options: ServeOptions) => commands.cloud().cloud(options),
  );
  return wandstore;
}
