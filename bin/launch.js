/** Compiles our TypeScript as it is loaded, and runs the command line. */
"use strict";
const { loadWhenUsed } = require("./lazy");
const { loadTypeScript } = require("./typescript");

/** Runs the command line in this process and ends it. */
async function launch(args) {
  leaveOutExperimentalWarnings();
  goOnUnread();
  loadTypeScript();
  loadWhenUsed();
  const { main } = require("./main");
  // Node ends, and calls it a success, when nothing is left to wait for; whether the work is done is for main to say.
  const alive = setInterval(() => {}, 60_000);
  process.exitCode = await main(args);
  clearInterval(alive);
  // What was printed has to be out before the end; what is still open (sockets, timers) has nothing left to say.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}

/** Whoever reads the output may leave, as `head` does when it has enough; what a command does is finished all the same. */
function goOnUnread() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Features that Node still calls experimental (node:sqlite) are used on purpose. */
function leaveOutExperimentalWarnings() {
  const warn = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0].type : rest[0];
    if (type !== "ExperimentalWarning") warn.call(process, warning, ...rest);
  };
}

module.exports = { launch };
