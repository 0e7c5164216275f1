/** Writes a shop in a process that is killed before its n-th write: node killed.js {project} {n}. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
require("../../../bin/typescript").loadTypeScript();

const [, , projectDir, count] = process.argv;
const folder = path.join(projectDir, "stores/acme");
const made = {
  shop: { slug: "acme", stack: "shop-acme", file: path.join(projectDir, "Pulumi.shop-acme.yaml"), folder },
  files: new Map([
    ["store.yaml", "name: Acme\n"],
    ["products.csv", "Handle,Title\n"],
  ]),
  stackFile: "config: {}\n",
};
const WRITES = ["mkdirSync", "writeFileSync", "renameSync", "linkSync", "rmSync"];

async function main() {
  let left = Number(count);
  const isOurs = (target) => path.resolve(String(target)).startsWith(path.resolve(projectDir));
  for (const name of WRITES) {
    const write = fs[name];
    fs[name] = (target, ...rest) => {
      if (isOurs(target) && left-- === 0) process.kill(process.pid, "SIGKILL");
      return write(target, ...rest);
    };
  }
  // After the patches: what is compiled takes its functions from the module as they are then.
  const { writeShop } = require("../../../infra/fleet/write");
  await writeShop(projectDir, made, async () => {
    if (left-- === 0) process.kill(process.pid, "SIGKILL");
  });
  process.stdout.write("done");
}
void main();
