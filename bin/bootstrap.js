/**
 * What has to be true before anything of ours can run: the packages are those of the lock file, and there is a Node that
 * they run on. Plain JavaScript for Node 20, because nothing is installed yet when it starts.
 */
"use strict";
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "..");
/** The oldest Node that today's Pulumi SDK, Miniflare and `node:sqlite` run on without a flag. */
const OLDEST_NODE = [22, 13];
/** npm's own limit of patience for a slow network is longer than any installation seen; this one ends a hung one. */
const INSTALL_LIMIT_MS = 15 * 60_000;

const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
};

const readJson = (file) => {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
};

/** Names of the direct packages whose installed version is not the lock file's; optional ones may be absent. */
function outdatedPackages() {
  const lock = readJson(path.join(ROOT, "package-lock.json"))?.packages ?? {};
  const wanted = lock[""] ?? {};
  // some packages write their version as "v1.2.3"
  const installed = (name) =>
    readJson(path.join(ROOT, "node_modules", name, "package.json"))?.version?.replace(/^v/, "");
  const required = Object.keys({ ...wanted.dependencies, ...wanted.devDependencies });
  const optional = Object.keys(wanted.optionalDependencies ?? {}).filter((name) => installed(name) !== undefined);
  return [...required, ...optional].filter((name) => installed(name) !== lock[`node_modules/${name}`]?.version);
}

function install() {
  const outdated = outdatedPackages();
  if (outdated.length === 0) return;
  const found = outdated.length > 3 ? `${outdated.length} packages` : outdated.join(", ");
  process.stderr.write(`Installing what is missing (${found}) with npm; the first time takes a minute or two …\n`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const run = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
    timeout: INSTALL_LIMIT_MS,
  });
  if (run.status === 0) return;
  const why = run.error ? run.error.message : `it ended with ${run.status ?? run.signal}`;
  process.stderr.write(
    `The packages could not be installed: npm ci failed, ${why}. Run "npm ci" by hand to see more.\n`,
  );
  process.exit(1);
}

/** Path of a Node that is new enough: the running one, else the one that came with the packages. */
function newEnoughNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const own = path.join(ROOT, "node_modules", ".bin", "node");
  if (fs.existsSync(own)) return fs.realpathSync(own);
  process.stderr.write(
    `Node ${process.version} is too old and no newer one came with the packages for ${process.platform}-${process.arch}: ` +
      `install Node ${OLDEST_NODE.join(".")} or newer.\n`,
  );
  process.exit(1);
}

/** Installs what is missing and says which Node to run with. Ends the process with one line when that cannot be. */
function prepare() {
  install();
  return newEnoughNode();
}

module.exports = { prepare, ROOT };
