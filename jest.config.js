"use strict";
const { availableParallelism } = require("node:os");

/** Packages that ship ES modules only; jest runs CommonJS, so these are compiled like our own sources. */
const ESM_ONLY = ["@hono/node-server", "@noble/hashes", "cockatiel", "entities", "httpxy", "p-map", "parse5"].concat(
  // rehype and what it is made of
  ["rehype-.*?", "unified", "hast-util-.*?", "hastscript", "unist-util-.*?", "vfile.*?", "@ungap/structured-clone"],
  [
    "bail",
    "ccount",
    "character-entities-.*?",
    "comma-separated-tokens",
    "devlop",
    "html-void-elements",
    "is-plain-obj",
  ],
  ["property-information", "space-separated-tokens", "stringify-entities", "trough", "web-namespaces", "zwitch"],
);

/** @type {import("jest").Config} */
module.exports = {
  // Most of these tests wait for processes of their own: with one less than the cores, half of two would stand still.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: "<rootDir>/test/support/sequencer.js",
  testEnvironment: "<rootDir>/test/support/environment.js",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.(ts|js|mjs)$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join("|")})/)`],
  // Half of what it takes to load Pulumi's SDK, in each test file anew, for functions as text, which nothing here is.
  moduleNameMapper: { "^@npmcli/arborist$|/typescript-shim$": "<rootDir>/test/support/unused.js" },
  moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  testTimeout: 60_000,
};
