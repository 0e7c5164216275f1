import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { namesOf, type Names } from "../naming";
import { FleetError } from "./errors";
import type { Shop } from "./list";

const FILE = /^Pulumi\.(.+)\.yaml$/;

/**
 * Refuses a shop where anything of its name is there: its stack, its folder, or what another stack calls its things in the
 * account.
 * @throws FleetError SHOP_EXISTS
 */
export function checkFree(projectDir: string, { slug, stack, file, folder }: Shop): void {
  const refuse = (what: string, todo: string): FleetError =>
    new FleetError("SHOP_EXISTS", `there is no room for a shop "${slug}": ${what}; ${todo}`);
  if (existsSync(file)) {
    throw refuse(
      `its stack's file ${path.basename(file)} is there`,
      `deploy that one ("wandstore shop up ${slug}"), or choose another slug`,
    );
  }
  if (existsSync(folder)) {
    throw refuse(
      `its folder stores/${slug} is there`,
      "choose another slug, or see docs/guides/new-shop.md for how a folder that is there gets a stack",
    );
  }
  const own = new Set(namesIn(namesOf(stack)));
  for (const other of readdirSync(projectDir)) {
    const otherStack = FILE.exec(other)?.[1];
    if (otherStack === undefined) continue;
    const taken = namesOfStack(path.join(projectDir, other), otherStack).find((name) => own.has(name));
    if (taken === undefined) continue;
    throw refuse(`${other} calls something ${taken}, as this shop would`, "choose another slug");
  }
}

/** All names of things in the account. */
export const namesIn = ({ kv, ...names }: Names): string[] => [...Object.values(kv), ...Object.values(names)];

/** Those of a stack, with the Worker's own name where its file has one. What cannot be read has none. */
function namesOfStack(file: string, stack: string): string[] {
  try {
    const { config } = parse(readFileSync(file, "utf8")) as { config?: Record<string, { name?: unknown } | undefined> };
    const named = config?.["wandstore:worker"]?.name;
    return [...namesIn(namesOf(stack)), ...(typeof named === "string" ? [named] : [])];
  } catch {
    return [];
  }
}
