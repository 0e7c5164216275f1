import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { listShops } from "../../../infra/fleet/list";
import { wavesOf as fleetWaves } from "../../../infra/fleet/run/waves";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { setOutput } from "../github/actions";

export interface StacksOptions {
  shops: boolean;
  wave: string;
  changed?: string;
}

/** A workflow's matrix has at most so many jobs. */
const MOST_JOBS = 256;
/** Shops that a pull request has previews of, besides staging and prod. */
const MOST_PREVIEWS = 10;
const GIT_LIMIT_MS = 30_000;
const FILE = /^Pulumi\.([a-z0-9][a-z0-9-]{0,60})\.yaml$/;

/**
 * `npm run ci:stacks`: the stacks of a workflow's matrices, as JSON and as outputs: `stacks` for previews and the nightly look
 * at drift, or with `--shops` the waves `first` and `rest`.
 */
export function stacks({ shops, wave, changed }: StacksOptions): void {
  const all = readdirSync(PROJECT_DIR)
    .flatMap((file) => FILE.exec(file)?.[1] ?? [])
    .toSorted();
  const every = listShops(PROJECT_DIR).map(({ stack }) => stack);
  const found = changed === undefined ? every : every.filter((stack) => isChanged(stack, changed));
  if (shops) return print(wavesOf(found, Number(wave)));
  const few = changed === undefined ? found : found.slice(0, MOST_PREVIEWS);
  print({ stacks: [...all.filter((stack) => stack === "staging" || stack === "prod"), ...few].slice(0, MOST_JOBS) });
}

/** The first wave is looked at before the rest goes. @param percent of all, at least one */
export function wavesOf(shops: readonly string[], percent: number): { first: string[]; rest: string[] } {
  if (!(percent > 0 && percent <= 100))
    throw new Failure("USAGE", `--wave takes a share from 1 to 100 percent, not ${percent}`);
  const [first = [], ...others] = fleetWaves(shops, { percent });
  const waves = { first, rest: others.flat() };
  for (const [name, members] of Object.entries(waves)) {
    if (members.length <= MOST_JOBS) continue;
    throw new Failure("USAGE", `the wave "${name}" has ${members.length} shops, and a matrix takes ${MOST_JOBS}`);
  }
  return waves;
}

/** Whether the shop's stack file, or the folder with its name, changed since a commit. */
function isChanged(stack: string, commit: string): boolean {
  const paths = [`Pulumi.${stack}.yaml`, `stores/${stack.replace(/^shop-/, "")}`];
  const args = ["diff", "--name-only", commit, "HEAD", "--", ...paths];
  return execFileSync("git", args, { cwd: PROJECT_DIR, encoding: "utf8", timeout: GIT_LIMIT_MS }).trim() !== "";
}

function print(lists: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, list] of Object.entries(lists)) setOutput(name, JSON.stringify(list));
  process.stdout.write(`${JSON.stringify(lists)}\n`);
}
