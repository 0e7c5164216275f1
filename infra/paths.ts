import { join, relative, resolve } from "node:path";

/** The folder of Pulumi.yaml. */
export const PROJECT_ROOT = resolve(__dirname, "..");

/** Where a stack's bundles are written; a folder each, so that two stacks never overwrite one another. */
export const buildFolder = (stack: string): string => join(PROJECT_ROOT, ".build", stack);

/** Where the sources of a shop are: `stores/{slug}`. */
export const storeFolder = (slug: string): string => join(PROJECT_ROOT, "stores", slug);

/** A path as state may hold it: relative to the project, with forward slashes, the same on every machine. */
export const projectPath = (path: string): string => relative(PROJECT_ROOT, path).replaceAll("\\", "/");

/** A path as Pulumi's plugins resolve it: relative to the program's folder, which is where the CLI starts them. */
export const programPath = (path: string): string => relative(__dirname, path).replaceAll("\\", "/");
