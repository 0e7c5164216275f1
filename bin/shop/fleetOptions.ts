import { type Command, InvalidArgumentError, Option } from "commander";
import { parseShare, type Share } from "../../infra/fleet/run/waves";
import { Failure } from "../failure";
import type { ShopOptions } from "./options";

/** More at once than this is more than Cloudflare's API takes: 1,200 requests in five minutes. */
const MOST_PARALLEL = 32;

export interface FleetOptions extends ShopOptions {
  readonly all: boolean;
  readonly parallel?: number;
  readonly wave?: Share;
  readonly maxFailures?: Share;
  readonly resume?: boolean;
  /** A stack whose image all shops get. */
  readonly from?: string;
  /** The image itself. */
  readonly image?: string;
  readonly yes?: boolean;
  readonly removeFiles?: boolean;
}

/** What the commands on many shops take besides what they take for one. @param deploys whether it gives shops an image */
export function withFleetOptions(command: Command, deploys: boolean): Command {
  command
    .option("--all", "every shop that is a stack of its own", false)
    .addOption(new Option("--parallel <number>", "shops under way at once (default: 4)").argParser(parallel))
    .addOption(
      new Option("--wave <share>", "shops of one wave, such as 10% or 5 (default: 10%; previews: all)").argParser(
        share(1),
      ),
    )
    .addOption(
      new Option(
        "--max-failures <share>",
        "so many may fail before no other is begun (default: 0; previews: all)",
      ).argParser(share(0)),
    )
    .option("--resume", "go on with the last run, which ended too early", false);
  if (!deploys) return command;
  return command
    .option("--from <stack>", "give all shops the image that this stack runs and has verified, such as staging")
    .option("--image <ref>", "give all shops this image, by its digest");
}

export type FleetOperation = "up" | "preview" | "destroy";

/** Whether a command is not just about one shop: its form for many says what is wrong where no shop is named at all. */
export const isFleet = (slugs: readonly string[], { all, resume, from, image }: FleetOptions): boolean =>
  all || resume === true || slugs.length !== 1 || from !== undefined || image !== undefined;

const wrong = (why: string): Failure => new Failure("USAGE", why);

/** @throws Failure USAGE for options that contradict one another */
export function checkUsage(slugs: readonly string[], { all, resume, wave, removeFiles }: FleetOptions): void {
  if (slugs.length > 0 && all) throw wrong("--all is every shop: name none besides, or leave it out");
  if (slugs.length > 0 && resume) throw wrong("--resume goes on with the shops of the last run: name none");
  if (slugs.length === 0 && !all && !resume) throw wrong("which shop? Name one or several, or add --all");
  if (resume && wave !== undefined) throw wrong("--resume keeps the waves of the run: leave --wave out");
  if (removeFiles === true) throw wrong("--remove-files is for one shop at a time");
}

function parallel(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MOST_PARALLEL) return value;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MOST_PARALLEL}.`);
}

const share =
  (least: 0 | 1) =>
  (text: string): Share => {
    try {
      return parseShare(text, least);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
