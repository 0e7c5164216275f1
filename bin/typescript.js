/** Lets Node load our TypeScript: each source is compiled as it is required. */
"use strict";
const { enableCompileCache } = require("node:module");
const path = require("node:path");

// What V8 compiled is kept between runs: the Pulumi SDK and the compiler are most of what a command does before its work.
enableCompileCache?.(path.resolve(__dirname, "../node_modules/.cache/wandstore-compiled"));
const { register } = require("ts-node");

function loadTypeScript() {
  register({
    swc: true,
    transpileOnly: true,
    cwd: path.resolve(__dirname, ".."),
    // ts-node's compiler settings, not those of tsconfig.json: it knows no newer target, and nothing is checked here.
    skipProject: true,
    compilerOptions: { target: "es2022", module: "commonjs", esModuleInterop: true, resolveJsonModule: true },
  });
}

module.exports = { loadTypeScript };
