import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../..");

/** The pages of documentation, as git knows them or would add them. */
export const PAGES = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\0")
  .filter((page) => page !== "" && existsSync(path.join(ROOT, page)));

export const textOf = (page: string): string => readFileSync(path.join(ROOT, page), "utf8");

/** The shell commands of a page, block by block, as they stand in its fences; an indented fence loses its indent. */
export function shellBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(([, indent = "", body = ""]) =>
    body.replace(new RegExp(`^${indent}`, "gm"), ""),
  );
}

/** What stands between backticks in running text, fences left out. */
export const inlineCode = (text: string): string[] =>
  [...text.replace(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
