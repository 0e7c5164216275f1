import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { finding, type Finding } from "../finding";
import { ask, isAtLeast, readJson, type World } from "../world";

/** As in bin/bootstrap.js: what Pulumi's SDK, Miniflare and node:sqlite run on without a flag. */
const OLDEST_NODE = [22, 13];
const NEEDED = { for: "everything", needed: true };
/** Packages named when more are wrong. */
const MOST_NAMED = 4;
/** Programs that come with packages, and what each does. */
const BINARIES = [
  { name: "esbuild", for: "bundling the Worker and the generator" },
  { name: "workerd", for: "the embedded cloud and the tests" },
] as const;

interface Locked {
  version?: string;
  optional?: boolean;
  peer?: boolean;
  link?: boolean;
}

/** The Node that runs, and the one that came with the packages for machines that have an older one. */
export async function nodeVersion(world: World): Promise<Finding> {
  const own = path.join(world.root, "node_modules/.bin/node");
  const answer = existsSync(own) ? await ask(world, realpathSync(own), ["--version"]) : undefined;
  const brought =
    answer === undefined
      ? ""
      : answer.ok
        ? `, ${answer.text} came with the packages`
        : `, and that of the packages ${answer.why}`;
  return finding(
    { name: "Node", ...NEEDED },
    {
      ok: isAtLeast(world.nodeVersion, OLDEST_NODE),
      found: `${world.nodeVersion} runs this${brought}`,
      get: `install Node ${OLDEST_NODE.join(".")} or newer, or let npm ci bring one`,
    },
  );
}

/** Whether all that is installed is what the lock file says. Optional packages are of other platforms. */
export async function packages({ root }: World): Promise<Finding> {
  const lock = readJson(path.join(root, "package-lock.json")) as { packages?: Record<string, Locked> } | undefined;
  const entries = Object.entries(lock?.packages ?? {}).filter(([place, { link }]) => place !== "" && link !== true);
  const wrong = entries.filter(([place, { version, optional, peer }]) => {
    const there = readJson(path.join(root, place, "package.json")) as { version?: string } | undefined;
    if (there === undefined) return optional !== true && peer !== true;
    return there.version?.replace(/^v/, "") !== version;
  });
  const names = wrong.slice(0, MOST_NAMED).map(([place]) => place.replace(/^.*node_modules\//, ""));
  const more = wrong.length > names.length ? ` and ${wrong.length - names.length} more` : "";
  const ok = entries.length > 0 && wrong.length === 0;
  const found =
    entries.length === 0 ? "no package-lock.json" : `not as in package-lock.json: ${names.join(", ")}${more}`;
  return finding(
    { name: "npm packages", ...NEEDED },
    {
      ok,
      found: ok ? "as in package-lock.json" : found,
      get: "npm ci",
    },
  );
}

/** Some are scripts for a Node, which need not be on the PATH of somebody who uses that of the packages. */
const withNode = (world: World): World => ({
  ...world,
  env: { ...world.env, PATH: [path.dirname(process.execPath), world.env.PATH ?? ""].join(path.delimiter) },
});

/** Programs of packages, whose install scripts may not have run: each is started. */
export function binaries(world: World): Promise<Finding[]> {
  return Promise.all(
    BINARIES.map(async ({ name, for: what }) => {
      const program = path.join(world.root, "node_modules/.bin", name);
      const answer = existsSync(program)
        ? await ask(withNode(world), program, ["--version"])
        : { ok: false as const, why: "is not installed" };
      const found = answer.ok ? `${answer.text} starts` : answer.why;
      return finding(
        { name, for: what, needed: true },
        { ok: answer.ok, found, get: `npm ci, or npm rebuild ${name}` },
      );
    }),
  );
}
