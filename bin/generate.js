#!/usr/bin/env node
/**
 * `npm run generate`: writes the files that are made from the settings (infra/config/reference), from the table of metrics
 * (runtime/worker/metrics/reference) and from the policies (policies/reference). Tests hold them current.
 */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { ROOT } = require("./bootstrap");
const { loadTypeScript } = require("./typescript");

loadTypeScript();
const { generatedFiles } = require("../infra/config/reference");
const { metricsPage } = require("../runtime/worker/metrics/reference");
const { policiesPage } = require("../policies/reference");
const { rules } = require("../policies/rules");
const { withRoutes } = require("../local/cloud/api/reference");

const CLOUD_README = "local/cloud/README.md";
const files = {
  ...generatedFiles(),
  "docs/reference/metrics.md": metricsPage(),
  "docs/reference/policies.md": policiesPage(rules),
  [CLOUD_README]: withRoutes(fs.readFileSync(path.join(ROOT, CLOUD_README), "utf8")),
};
for (const [file, text] of Object.entries(files)) {
  const target = path.join(ROOT, file);
  const isCurrent = fs.existsSync(target) && fs.readFileSync(target, "utf8") === text;
  if (!isCurrent) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }
  console.log(`${isCurrent ? "current" : "written"}  ${file}`);
}
