/**
 * Lets Node load our TypeScript: each source is compiled as it is required, and what came of it is kept for the processes
 * that follow (docs/decisions/0029). Types are not looked at here; tsc does that.
 */
"use strict";
const { hash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire, enableCompileCache } = require("node:module");
const path = require("node:path");
const { compileFunction, constants } = require("node:vm");
const { traceToSources } = require("./traces");

const CACHE = path.resolve(__dirname, "../node_modules/.cache");
/** What swc made of each source of ours. */
const COMPILED = path.join(CACHE, "wandstore-typescript");
/** What V8 made of each script of a package: the Pulumi SDK is most of what a command does before its work. */
const BYTECODE = path.join(CACHE, "wandstore-compiled");

/** How swc compiles. No path comes into it: a source gives the same code in any folder. */
const OPTIONS = {
  swcrc: false,
  jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
  module: { type: "commonjs" },
  sourceMaps: true,
};
const COMPILER = [require("@swc/core/package.json").version, JSON.stringify(OPTIONS)].join();
const DIGEST_LENGTH = 64;
/** Several states of every source; when there are more, the older half goes. */
const MOST_KEPT = 5_000;

/** Where the code of each loaded source is kept. */
const kept = new Map();

function loadTypeScript() {
  enableCompileCache?.(BYTECODE);
  require.extensions[".ts"] = (module, file) => run(module, codeOf(file), file);
  traceToSources((file) => kept.has(file) && fs.readFileSync(`${kept.get(file)}.map`, "utf8"));
}

/** As Node runs a module, but past V8's cache: that is by paths, and would keep the sources of every copy of the project. */
function run(module, code, file) {
  const names = ["exports", "require", "module", "__filename", "__dirname"];
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const body = compileFunction(code, names, { filename: file, importModuleDynamically });
  const load = Object.assign((id) => module.require(id), createRequire(file));
  body.call(module.exports, module.exports, load, module, file, path.dirname(file));
}

function codeOf(file) {
  const source = fs.readFileSync(file, "utf8");
  const place = path.join(COMPILED, hash("sha256", `${COMPILER}${source}`));
  kept.set(file, place);
  return readKept(`${place}.js`) ?? compile(file, source, place);
}

/** The code that is kept; undefined where there is none, or half of it. */
function readKept(file) {
  try {
    const content = fs.readFileSync(file, "utf8");
    const code = content.slice(DIGEST_LENGTH);
    return content.startsWith(hash("sha256", code)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function compile(file, source, place) {
  const { transformSync } = require("@swc/core"); // most processes find all of it compiled
  const { code, map } = transformSync(source, { ...OPTIONS, filename: file });
  try {
    makeRoom();
    write(`${place}.map`, map);
    write(`${place}.js`, hash("sha256", code) + code);
  } catch {
    // a folder that is read-only, a full disk: the next process compiles, too
  }
  return code;
}

/** Never leaves half of a file: others may be reading. */
function write(file, content) {
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, content);
  fs.renameSync(partial, file);
}

let hasRoom = false;
function makeRoom() {
  if (hasRoom) return;
  fs.mkdirSync(COMPILED, { recursive: true });
  const names = fs.readdirSync(COMPILED);
  if (names.length > MOST_KEPT) {
    const files = names.map((name) => path.join(COMPILED, name)).map((file) => [file, fs.statSync(file).mtimeMs]);
    for (const [file] of files.toSorted(([, a], [, b]) => a - b).slice(0, names.length / 2))
      fs.rmSync(file, { force: true });
  }
  hasRoom = true;
}

module.exports = { loadTypeScript };
