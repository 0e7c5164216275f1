/** Stack traces name lines of our sources, as the compiled code they come from is nowhere to be seen. */
"use strict";
const { SourceMap } = require("node:module");

const PLACE = /([^\s(]+\.ts):(\d+):(\d+)/;
/** Source maps by file, each read when the first trace goes through its file; undefined where there is none. */
const maps = new Map();

/** @param readMap gives the source map of a file as text; it may throw, or give nothing. */
function traceToSources(readMap) {
  Error.prepareStackTrace = (error, sites) =>
    [
      headOf(error),
      ...sites.map((site) => `    at ${String(site).replace(PLACE, (...found) => inSource(found, readMap))}`),
    ].join("\n");
}

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // what it says of itself throws
  }
}

function inSource([place, file, line, column], readMap) {
  const origin = mapOf(file, readMap)?.findOrigin(Number(line), Number(column));
  return origin?.lineNumber === undefined ? place : `${file}:${origin.lineNumber}:${origin.columnNumber}`;
}

function mapOf(file, readMap) {
  if (maps.has(file)) return maps.get(file);
  let map;
  try {
    const text = readMap(file);
    if (text) map = new SourceMap(JSON.parse(text));
  } catch {
    // a trace without its lines is better than none
  }
  maps.set(file, map);
  return map;
}

module.exports = { traceToSources };
