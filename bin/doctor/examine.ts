import type { StackAccount, StackNeeds } from "../../local/deploy";
import type { Finding } from "./finding";
import { account, token } from "./probes/account";
import { binaries, nodeVersion, packages } from "./probes/packages";
import { diskSpace, ports, stateFolder } from "./probes/place";
import { passphrase, stackFiles } from "./probes/stacks";
import { chromium, docker, pulumi } from "./probes/tools";
import type { Use } from "./use";
import type { World } from "./world";

/** A look at one thing. What throws or takes too long is a finding, too. */
export interface Probe {
  name: string;
  look(): Finding[] | Finding | Promise<Finding[] | Finding>;
}

/** Longest that any probe may take: the slowest ask a program or Cloudflare several times. */
const PROBE_LIMIT_MS = 30_000;

export interface Examination {
  use: Use;
  /** Every stack that has a file. */
  stacks: ReadonlyMap<string, StackNeeds>;
  /** The account to ask; undefined where nobody is to be asked. */
  opened?: (() => StackAccount) | undefined;
}

/** The probes for a use, in the order of their findings. */
export function probesFor(world: World, { use, stacks, opened }: Examination): Probe[] {
  const { stack } = use;
  // `npm start` deploys stack dev, and opens what is encrypted in its file.
  const started = use.name === undefined ? stacks.get("dev") : undefined;
  const opening = stack ?? (started !== undefined && started.secrets.length > 0 ? started : undefined);
  return [
    { name: "Node", look: () => nodeVersion(world) },
    { name: "npm packages", look: () => packages(world) },
    { name: "programs of packages", look: () => binaries(world) },
    { name: "stack files", look: () => stackFiles(stacks, use) },
    ...(opening === undefined || opening.problems.length > 0
      ? []
      : [{ name: "secrets of the stack", look: () => passphrase(opening) }]),
    ...(stack === undefined || stack.embedded ? [] : [{ name: "account", look: () => account(stack) }]),
    ...(stack === undefined || opened === undefined ? [] : [{ name: "token", look: () => token(opened(), stack) }]),
    { name: "ports", look: () => ports(world, use) },
    { name: "state folder", look: () => stateFolder(world, use) },
    { name: "disk space", look: () => diskSpace(world) },
    { name: "Pulumi CLI", look: () => pulumi(world, use) },
    { name: "Docker", look: () => docker(world, use) },
    { name: "Chromium", look: () => chromium(world) },
  ];
}

/** Lets all probes look at once; the findings come in the order of the probes. */
export async function examine(probes: readonly Probe[], limitMs: number = PROBE_LIMIT_MS): Promise<Finding[]> {
  const found = await Promise.all(
    probes.map(async ({ name, look }) => {
      const late = Promise.withResolvers<Finding>();
      const failed = (why: string): Finding => ({
        name,
        status: "bad",
        found: why,
        for: "this look",
        get: "run it again",
      });
      const timer = setTimeout(() => late.resolve(failed(`no answer within ${limitMs / 1000} s`)), limitMs);
      try {
        return await Promise.race([Promise.resolve().then(look), late.promise]);
      } catch (error) {
        return failed(error instanceof Error ? error.message : String(error));
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return found.flat();
}
