import { InvalidArgumentError, Option, type Command } from "commander";
import type * as CreateCommand from "./commands/shop/create";
import type * as ExportCommand from "./commands/shop/export";
import type * as FleetCommand from "./commands/shop/fleet";
import type * as ListCommand from "./commands/shop/list";
import type * as OperateCommands from "./commands/shop/operate";
import { apiPortOption, stateDirOption } from "./options";
import { type FleetOperation, type FleetOptions, isFleet, withFleetOptions } from "./shop/fleetOptions";
import type { ShopOptions } from "./shop/options";

/** Commands are loaded when they are called, as all of them are. */
const commands = {
  create: () => require("./commands/shop/create") as typeof CreateCommand,
  export: () => require("./commands/shop/export") as typeof ExportCommand,
  fleet: () => require("./commands/shop/fleet") as typeof FleetCommand,
  list: () => require("./commands/shop/list") as typeof ListCommand,
  operate: () => require("./commands/shop/operate") as typeof OperateCommands,
};

function dollars(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("A budget is a number of US dollars from 1 to 1000000.");
}

/** What every command on shops takes. */
export const withShopOptions = (command: Command): Command =>
  command
    .option("--local", "in the embedded cloud, without the Pulumi CLI", false)
    .option("--json", "print one JSON document and nothing else", false)
    .addOption(stateDirOption())
    .addOption(apiPortOption());

/** A command on one shop, or on many in waves. */
const fleetCommand = (command: Command, operation: FleetOperation): Command =>
  withFleetOptions(command, operation === "up")
    .argument("[slugs...]", "which shop, or several; --all is every one")
    .action((slugs: string[], options: FleetOptions & OperateCommands.DestroyOptions) =>
      isFleet(slugs, options)
        ? commands.fleet().fleet(operation, slugs, options)
        : commands.operate()[operation](slugs[0]!, options),
    );

/** `wandstore shop …`: each shop a stack of its own. */
export function shopCommands(shop: Command): void {
  const command = (name: string, description: string): Command =>
    withShopOptions(shop.command(name).description(description));

  command("create", "make a shop of a merchant's product export: its files, its stack, all checks")
    .argument("<slug>", "part of its address and names: lower-case letters, digits and hyphens")
    .option("--from <path>", "the export: CSV as Shopify writes it, or JSON; or a folder of shop export")
    .option("--shopify <domain>", "the shop at Shopify instead, such as tea-house.myshopify.com")
    .option("--name <name>", "what shoppers call it (default: the export's vendor, or made of the slug)")
    .option("--locale <tag>", "such as en-GB (default: the currency's)")
    .option("--currency <code>", "of the prices, such as GBP (default: the locale's)")
    .option("--url <address>", "where the shop itself is: products' pages, cart and checkout")
    .option("--primary <colour>", "#RRGGBB")
    .option("--secondary <colour>", "#RRGGBB")
    .option("--font <list>", "a CSS list of font families")
    .option("--tone <text>", "how texts should sound")
    .option("--tagline <text>", "one line below the name")
    .option("--mark <emoji>", "a glyph beside the name")
    .option("--brand <file>", "a YAML file that says these, as store.yaml has them")
    .option("--skip-bad-rows", "leave out products that cannot be read, and report them (onBadRow: skip)", false)
    .addOption(
      new Option("--budget <dollars>", "what it may cost a month, models included (default: 100)").argParser(dollars),
    )
    .option("--up", "deploy it and ask for its first page", false)
    .action((slug: string, options: CreateCommand.CreateOptions) => commands.create().create(slug, options));
  fleetCommand(command("preview", "say what an up of a shop, or of many, would do; nothing is made"), "preview");
  fleetCommand(command("up", "deploy a shop and ask for its page, or many shops in waves"), "up");
  fleetCommand(command("destroy", "delete everything of a shop in the account; its data is exported first"), "destroy")
    .option("--yes", "do not ask", false)
    .option("--remove-files", "remove its folder and its stack's file, too", false);
  command("list", "list the shops: what each is, and whether what is deployed is what its files say").action(
    (options: ShopOptions) => commands.list().list(options),
  );
  command("export", "write a copy of a shop, files and data, with check sums")
    .argument("<slug>")
    .requiredOption("--out <folder>", "a folder that is not there yet")
    .option("--no-data", "its files alone; no account is asked")
    .action((slug: string, options: ExportCommand.ExportOptions) => commands.export().exportCopy(slug, options));
}
