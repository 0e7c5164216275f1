#!/usr/bin/env node
/**
 * `npm run generate`: writes the files that are made from the settings (infra/config/reference) and from the table of metrics
 * (runtime/worker/metrics/reference). Tests hold them current.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { ROOT } = require("./bootstrap");
const { loadTypeScript } = require("./typescript");

loadTypeScript();
const { generatedFiles } = require("../infra/config/reference");
const { metricsPage } = require("../runtime/worker/metrics/reference");

const files = { ...generatedFiles(), "docs/reference/metrics.md": metricsPage() };
for (const [file, text] of Object.entries(files)) {
  const target = path.join(ROOT, file);
  const isCurrent = fs.existsSync(target) && fs.readFileSync(target, "utf8") === text;
  if (!isCurrent) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }
  console.log(`${isCurrent ? "current" : "written"}  ${file}`);
}
