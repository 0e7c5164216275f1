/**
 * Has Node translate our TypeScript as it is required, for what the Pulumi CLI starts. Its own starter checks types, too, for most
 * of the time that a start takes; the sources were checked when they were committed.
 */
"use strict";
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

function translateTypeScript() {
  require.extensions[".ts"] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, "utf8"), {
      filename,
      sourceMaps: "inline",
      jsc: { parser: { syntax: "typescript" }, target: "es2023" },
      module: { type: "commonjs", ignoreDynamic: true },
    });
    module._compile(code, filename); // oxlint-disable-line no-underscore-dangle -- Node's name for it
  };
}

module.exports = { translateTypeScript };
