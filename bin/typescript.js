/** Lets Node load our TypeScript: each source is compiled as it is required. */
"use strict";
const path = require("node:path");
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
