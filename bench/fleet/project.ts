import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
/** All that deploying takes. */
const PARTS = [
  "bin",
  "bench",
  "infra",
  "runtime",
  "images",
  "policies",
  "local",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
];

/** A copy of the project with so many small shops, each a stack of its own, and nothing else. @returns their slugs */
export function makeProject(folder: string, shops: number): string[] {
  for (const part of PARTS) cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  const slugs = Array.from({ length: shops }, (_, at) => `bench-${String(at).padStart(3, "0")}`);
  for (const slug of slugs) {
    const store = path.join(folder, "stores", slug);
    mkdirSync(store, { recursive: true });
    cpSync(path.join(ROOT, "stores/magic-wands"), store, { recursive: true });
    writeFileSync(path.join(folder, `Pulumi.shop-${slug}.yaml`), stackFile(slug));
  }
  return slugs;
}

/** One generator a shop: the time that a second one takes to start is the machine's, not the deployment's. */
const stackFile = (slug: string): string => `config:
  wandstore:environment: shop
  wandstore:pool:
    size: 1
    sleepAfter: 10s
  wandstore:budget:
    monthlyUsd: 50
  wandstore:stores:
    - ${slug}
`;
