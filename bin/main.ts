import { Command, CommanderError, Option } from "commander";
import { version } from "../package.json";
import type * as CloudCommand from "./commands/cloud";
import type * as ConfigCommand from "./commands/config";
import type * as CostCommand from "./commands/cost";
import type * as DestroyCommand from "./commands/destroy";
import type * as DevCommand from "./commands/dev";
import type * as DoctorCommand from "./commands/doctor";
import type * as DriftCommand from "./commands/drift";
import type * as KvCommands from "./commands/kv";
import type * as OperateCommands from "./commands/operate";
import type * as OutputsCommand from "./commands/outputs";
import type * as PolicyCommand from "./commands/policy";
import type * as ReleasesCommand from "./commands/releases";
import type * as RollbackCommand from "./commands/rollback";
import type * as RolloutCommand from "./commands/rollout";
import { Ended, EXIT, exitCodeOf, report } from "./failure";
import { apiPortOption, stateDirOption, withServeOptions, withStackOptions, type StackOptions } from "./options";
import { shopCommands } from "./shopCommands";

const EXIT_CODES =
  "\nExit codes: 0 done, 1 something is wrong (the message says what), 2 drift was found, 3 some shops failed and all others are done, 130 stopped before it was done.";

/** Runs the command line and answers with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  // A document on stdout stays one document, whatever the program in infra/ prints.
  if (json || args.includes("--sarif")) console.log = console.error;
  try {
    await program().parseAsync(args, { from: "user" });
    return EXIT.OK;
  } catch (error) {
    if (error instanceof Ended) return error.exitCode;
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
  config: () => require("./commands/config") as typeof ConfigCommand,
  cost: () => require("./commands/cost") as typeof CostCommand,
  destroy: () => require("./commands/destroy") as typeof DestroyCommand,
  dev: () => require("./commands/dev") as typeof DevCommand,
  doctor: () => require("./commands/doctor") as typeof DoctorCommand,
  drift: () => require("./commands/drift") as typeof DriftCommand,
  kv: () => require("./commands/kv") as typeof KvCommands,
  operate: () => require("./commands/operate") as typeof OperateCommands,
  outputs: () => require("./commands/outputs") as typeof OutputsCommand,
  policy: () => require("./commands/policy") as typeof PolicyCommand,
  releases: () => require("./commands/releases") as typeof ReleasesCommand,
  rollback: () => require("./commands/rollback") as typeof RollbackCommand,
  rollout: () => require("./commands/rollout") as typeof RolloutCommand,
};

/** The command line, with every command and option. */
export function program(): Command {
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
  withRefresh(command("preview", "say what an up would do; nothing is made")).action(
    (options: OperateCommands.RefreshOptions) => commands.operate().preview(options),
  );
  withRefresh(command("up", "deploy a stack to the embedded cloud")).action((options: OperateCommands.RefreshOptions) =>
    commands.operate().change("up", options),
  );
  withStackOptions(command("destroy", "delete everything of a stack, data included"))
    .option("--yes", "do not ask", false)
    .action((options: DestroyCommand.DestroyOptions) => commands.destroy().destroy(options));
  withStackOptions(command("outputs", "show the outputs of the last up"))
    .option("--show-secrets", "show secrets in plain text", false)
    .action((options: OutputsCommand.OutputsOptions) => commands.outputs().outputs(options));
  withStackOptions(command("drift", "name what was changed or deleted by hand; exit code 2 where anything was")).action(
    (options: StackOptions) => commands.drift().drift(options),
  );
  command("doctor", "say what is installed, what is missing and what it is needed for")
    .option("-s, --stack <name>", "what this stack's deployment needs (default: npm start and npm test)")
    .option("--online", "ask Cloudflare whether the token opens what the stack needs", false)
    .option("--json", "print one JSON document and nothing else", false)
    .addOption(stateDirOption())
    .action((options: DoctorCommand.DoctorOptions) => commands.doctor().doctor(options));
  withTraffic(withStackOptions(command("cost", "say what a stack costs in a month, and what for"))).action(
    (options: CostCommand.CostOptions) => commands.cost().cost(options),
  );
  const shop = command("shop", "shops that are stacks of their own: Pulumi.shop-{slug}.yaml");
  shopCommands(shop);
  shopCostCommand(shop);
  releaseCommands(command);
  kvCommands(command("kv", "look at and remove what the runtime keeps for shops and shoppers"));
  configCommands(command("config", "change the file of a stack"));
  policyCommands(command("policy", "judge stacks by the policy pack"));
  withServeOptions(command("cloud", "run the embedded cloud alone and print the variables for other tools"))
    .option("--env", 'print the variables of the one that runs, for eval "$(wandstore cloud --env)"', false)
    .action((options: CloudCommand.CloudOptions) => commands.cloud().cloud(options));
  return wandstore;
}

function releaseCommands(command: (name: string, description: string) => Command): void {
  withStackOptions(command("releases", "list what was released to a stack, newest first")).action(
    (options: StackOptions) => commands.releases().releases(options),
  );
  withStackOptions(command("rollback", "return a stack to a former release: code and image, never data"))
    .option("--to <release>", "which release, or the beginning of its id (default: the one before what runs)")
    .option("--dry-run", "judge it and say what would change", false)
    .option("--clear", "go forward again: deploy the code of this checkout", false)
    .option("--yes", "do not ask", false)
    .action((options: RollbackCommand.RollbackOptions) => commands.rollback().rollback(options));
  withStackOptions(command("rollout", "send a share of the requests to the new version of the Worker"))
    .argument("<share>", "percent from 0 to 100, promote (100) or return (0)")
    .option("--yes", "do not ask", false)
    .action((share: string, options: Parameters<typeof RolloutCommand.rollout>[1]) =>
      commands.rollout().rollout(share, options),
    );
}

const withTraffic = (command: Command): Command =>
  command
    .option("--views-per-day <number>", "pages that are shown in a day")
    .option("--pages-per-day <number>", "pages that are made in a day, where each shopper has their own")
    .option("--new-shoppers <number>", "in place of these two: new shoppers in a day")
    .addOption(new Option("--refresh <how>", "how often theirs is made anew").choices(["hourly", "daily"]))
    .option("--active-hours <number>", "hours of a day in which a shopper comes by, for hourly (default: 3)")
    .option("--measured", "what the deployed stack was seen to serve, up to seven days back", false)
    .option("--scenarios", "the scenarios of the first estimates side by side, run in every way", false)
    .option("--csv", "print CSV and nothing else", false);

function shopCostCommand(shop: Command): void {
  const json = new Option("--json", "print one JSON document and nothing else").default(false);
  withTraffic(shop.command("cost").description("say what one shop costs in a month, or all of them (default)"))
    .argument("[slug]", "one shop, as if it were alone in its account")
    .option("--all", "all shops, which share what their account pays", false)
    .addOption(json)
    .addOption(stateDirOption())
    .addOption(apiPortOption())
    .action((slug: string | undefined, options: CostCommand.ShopCostOptions) =>
      commands.cost().shopCost(slug, options),
    );
}

const withRefresh = (command: Command): Command =>
  withStackOptions(command).option(
    "--refresh",
    "see first what was changed by hand, which an up then puts right",
    false,
  );

const withFilter = (command: Command): Command =>
  withStackOptions(command)
    .addOption(new Option("--kind <kind>", "only these").choices(["pages", "sessions", "jobs", "stores", "changes"]))
    .option("--store <slug>", "only this store's")
    .option("--shopper <id>", "only this shopper's");

function kvCommands(kv: Command): void {
  withFilter(
    kv
      .command("list")
      .description("list what is kept: pages, sessions and job records, stores and their changes, and until when"),
  )
    .option("--limit <number>", "show at most so many", "100")
    .action((options: KvCommands.KvListOptions) => commands.kv().kvList(options));
  withStackOptions(kv.command("show").description("show one value, unpacked"))
    .argument("<key>", "as kv list shows it, such as session:magic-wands:alice")
    .option("--html", "of a page print the document alone", false)
    .action((key: string, options: KvCommands.KvShowOptions) => commands.kv().kvShow(key, options));
  withFilter(kv.command("purge").description("remove pages, sessions and job records; pages leave R2, too"))
    .option("--dry-run", "say what would be removed", false)
    .option("--yes", "do not ask", false)
    .action((options: KvCommands.KvPurgeOptions) => commands.kv().kvPurge(options));
}

function configCommands(config: Command): void {
  config
    .command("set")
    .description("set one value of a stack's file, as pulumi config set does")
    .argument("<key>", "such as accountId, or with --path pool.size; another namespace as cloudflare:baseUrl")
    .argument("[value]", "left out: what is piped in")
    .option("-s, --stack <name>", "which stack: Pulumi.<name>.yaml", "dev")
    .option("--secret", "encrypt it with the stack's passphrase (PULUMI_CONFIG_PASSPHRASE)", false)
    .option("--path", "the key is a path into an object or a list", false)
    .option("--plaintext", "write it in plain text although it sounds like a secret", false)
    .option("--json", "print one JSON document and nothing else", false)
    .action((key: string, value: string | undefined, options: ConfigCommand.ConfigSetOptions) =>
      commands.config().configSet(key, value, options),
    );
}

function policyCommands(policy: Command): void {
  policy
    .command("check")
    .description("judge a stack as its program declares it: nothing is made, no cloud is asked, no token is needed")
    .option("-s, --stack <name>", "which stack: Pulumi.<name>.yaml", "dev")
    .option("--config <file>", "levels and thresholds of the rules, over those of policies/config.json")
    .option("--json", "print one JSON document and nothing else", false)
    .option("--sarif", "print the findings as SARIF 2.1.0, for code scanning", false)
    .action((options: PolicyCommand.PolicyCheckOptions) => commands.policy().policyCheck(options));
}
