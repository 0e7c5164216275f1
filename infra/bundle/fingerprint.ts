import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { markOf } from "./mark";
import { sha256 } from "./write";

/** Settings that change what a folder's files are taken for, and the folder whose packages come before those further up. */
const SETTINGS = ["package.json", "tsconfig.json"];
const SEEN_EVERYWHERE = new Set([...SETTINGS, "node_modules"]);
/** What npm wrote of the packages it installed. */
const PACKAGES = "node_modules/.package-lock.json";

/**
 * Sources as they are named wherever the project and its packages lie: relative to `root`, packages as
 * `node_modules/…` also where that is a link.
 *
 * @param sources as esbuild names them, relative to `root`.
 * @returns undefined where one of them lies elsewhere
 */
export function namesOf(root: string, sources: readonly string[]): readonly string[] | undefined {
  const real = realpathSync(root);
  const packages = join(root, "node_modules");
  const bases = [
    { at: real, as: "" },
    ...(existsSync(packages) ? [{ at: realpathSync(packages), as: "node_modules/" }] : []),
  ];
  const names = sources.map((source) => {
    const file = resolve(real, source);
    const base = bases.find(({ at }) => file.startsWith(at + sep));
    return base && base.as + relative(base.at, file).replaceAll("\\", "/");
  });
  return names.every((name) => name !== undefined) ? names.toSorted() : undefined;
}

/**
 * SHA-256 over all that decides what is bundled: the content of the sources, of the `package.json` and `tsconfig.json` above
 * them, and which files lie beside them that an import could mean instead (`hash.tsx` beside `hash.ts`). Times say nothing.
 *
 * @param names as `namesOf` gives them.
 * @param readAt when the sources were first read, ms since 1970: what changed since then, or may have, has no fingerprint.
 * @returns undefined where there is none, or a source is gone
 */
export function fingerprint(root: string, names: readonly string[], readAt?: number): string | undefined {
  const lines: string[] = [];
  const files = new Set([...names, ...(existsSync(join(root, PACKAGES)) ? [PACKAGES] : [])]);
  const folders = foldersOf(names);
  for (const [folder, stems] of folders) {
    const seen = namesIn(join(root, folder)).filter((name) => SEEN_EVERYWHERE.has(name) || stems.has(stemOf(name)));
    lines.push(`${folder}: ${seen.toSorted().join(" ")}`);
    for (const name of seen) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (SETTINGS.includes(name)) files.add(path);
      if (readAt !== undefined && !folders.has(path) && markOf(join(root, path), readAt) === undefined)
        return undefined;
    }
  }
  for (const name of files) {
    const digest = digestOf(join(root, name));
    if (digest === undefined) return undefined;
    lines.push(`${name} ${digest}`);
  }
  return sha256(lines.toSorted().join("\n"));
}

/** Every folder between the project's and a source, with the stems of what in it leads to sources. */
function foldersOf(names: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const name of names) {
    const parts = name.split("/");
    parts.forEach((part, depth) => {
      const folder = parts.slice(0, depth).join("/");
      const stems = folders.get(folder) ?? new Set();
      folders.set(folder, stems.add(stemOf(part)));
    });
  }
  return folders;
}

/** `hash` of `hash.ts`, `hash.test.ts` and `hash`: an import of one of these may find another one. */
const stemOf = (name: string): string => name.split(".", 1)[0]!;

/** What is in a folder; nothing where it is none. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function digestOf(file: string): string | undefined {
  try {
    return sha256(readFileSync(file));
  } catch {
    return undefined;
  }
}
