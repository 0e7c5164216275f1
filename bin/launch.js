/** Compiles our TypeScript as it is loaded, and runs the command line. */
"use strict";

const warn = process.emitWarning;
// Features that Node still calls experimental (node:sqlite) are used on purpose.
process.emitWarning = (warning, ...rest) => {
  const type = typeof rest[0] === "object" ? rest[0].type : rest[0];
  if (type !== "ExperimentalWarning") warn.call(process, warning, ...rest);
};

require("ts-node").register({
  swc: true,
  transpileOnly: true,
  // ts-node's compiler settings, not those of tsconfig.json: it knows no newer target, and nothing is checked here.
  skipProject: true,
  compilerOptions: { target: "es2022", module: "commonjs", esModuleInterop: true, resolveJsonModule: true },
});

const { main } = require("./main");

// Node ends, and calls it a success, when nothing is left to wait for; whether the work is done is for main to say.
const alive = setInterval(() => {}, 60_000);

main(process.argv.slice(2)).then((code) => {
  clearInterval(alive);
  process.exitCode = code;
  // What was printed has to be out before the end; what is still open (sockets, timers) has nothing left to say.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
});
