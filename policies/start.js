/**
 * Where the Pulumi CLI starts the pack. Its starter has TypeScript checked as it is loaded, three quarters of what a start
 * takes; the sources were checked when they were committed, so here they are only translated.
 */
"use strict";
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    sourceMaps: "inline",
    jsc: { parser: { syntax: "typescript" }, target: "es2023" },
    module: { type: "commonjs", ignoreDynamic: true },
  });
  module._compile(code, filename); // oxlint-disable-line no-underscore-dangle -- Node's name for it
};
module.exports = require("./index.ts");
