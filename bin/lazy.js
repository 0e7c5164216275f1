/**
 * What Pulumi's SDK loads to turn functions into text, for dynamic resources: npm's installer and the TypeScript compiler.
 * Nothing here does that, and loading them is a fifth of what a command costs; so they are loaded when they are first used.
 */
"use strict";
const { createRequire, Module } = require("node:module");
const sdk = createRequire(require.resolve("@pulumi/pulumi"));

function loadWhenUsed() {
  const installer = whenUsed(sdk.resolve("@npmcli/arborist"), () => ({
    __esModule: true, // else it is copied, and read for that
    get Arborist() {
      return installer().Arborist;
    },
  }));
  const compiler = whenUsed(
    sdk.resolve("./typescript-shim"),
    () => new Proxy({}, { get: (_, name) => compiler()[name] }),
  );
}

/** Puts something in the place of a module, and answers with what loads the module itself. */
function whenUsed(file, inItsPlace) {
  const stand = Object.assign(new Module(file), { filename: file, loaded: true, exports: inItsPlace() });
  require.cache[file] ??= stand;
  let real;
  return () => {
    if (real === undefined) {
      if (require.cache[file] === stand) delete require.cache[file];
      real = require(file);
    }
    return real;
  };
}

module.exports = { loadWhenUsed };
