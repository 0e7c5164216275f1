import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { NewShop } from "./create";
import { FleetError } from "./errors";
import { shopAt, type Shop } from "./list";
import { isRunning } from "./processes";

/** In a shop's folder until the shop is complete: who makes it, and the stack's file, whose move is the last step. */
const UNFINISHED = ".creating";
const MAKER = "pid";
/** A folder below stores/ that is not yet a shop's: no slug begins with a dot. */
const STAGED = /^\.new-[a-z0-9-]+-(\d+)$/;

/**
 * Writes a shop that was judged: its folder appears whole, and with the stack's file, the last step, it is a shop. A process
 * that ends anywhere before that leaves what the next call takes away.
 *
 * @param judge is called with a stack's file to judge, when the shop's folder is there; when it throws, nothing is left
 * @throws FleetError SHOP_EXISTS where another process was quicker
 */
export async function writeShop(
  projectDir: string,
  { shop, files, stackFile }: NewShop,
  judge: (configFile: string) => Promise<void>,
): Promise<void> {
  const staged = path.join(projectDir, "stores", `.new-${shop.slug}-${process.pid}`);
  const unfinished = path.join(shop.folder, UNFINISHED);
  const stack = path.join(unfinished, path.basename(shop.file));
  try {
    mkdirSync(path.join(staged, UNFINISHED), { recursive: true });
    write(path.join(staged, UNFINISHED, MAKER), String(process.pid));
    write(path.join(staged, UNFINISHED, path.basename(shop.file)), stackFile);
    for (const [name, content] of files) write(path.join(staged, name), content);
    claim(staged, shop);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
  try {
    await judge(stack);
    place(stack, shop);
  } catch (error) {
    rmSync(shop.folder, { recursive: true, force: true });
    throw error;
  }
  rmSync(unfinished, { recursive: true });
}

/** Takes away what processes left that ended while they made a shop. */
export function removeUnfinished(projectDir: string): void {
  const stores = path.join(projectDir, "stores");
  if (!existsSync(stores)) return;
  for (const entry of readdirSync(stores, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { name } = entry;
    const folder = path.join(stores, name);
    const maker = STAGED.exec(name)?.[1];
    if (maker !== undefined) {
      if (!isRunning(Number(maker))) rmSync(folder, { recursive: true, force: true });
      continue;
    }
    const unfinished = path.join(folder, UNFINISHED);
    if (lstatSync(unfinished, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    if (isRunning(makerOf(unfinished))) continue;
    rmSync(isPlaced(unfinished, shopAt(projectDir, name)) ? unfinished : folder, { recursive: true, force: true });
  }
}

/** Bytes that are on the disk, not only in a cache, when this returns. */
const write = (file: string, content: string | Buffer): void =>
  writeFileSync(file, content, { flag: "wx", flush: true });

/** Lets the folder appear under its name, unless another is there. */
function claim(staged: string, { slug, folder }: Shop): void {
  if (existsSync(folder)) throw taken(slug);
  try {
    renameSync(staged, folder);
  } catch (cause) {
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? ""))
      throw taken(slug, cause);
    throw cause;
  }
}

/** Moves the stack's file to its place, unless another is there: a link is made or refused in one step. */
function place(staged: string, { slug, file }: Shop): void {
  try {
    linkSync(staged, file);
    rmSync(staged);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw taken(slug, cause);
    if (existsSync(file)) throw taken(slug, cause);
    renameSync(staged, file); // a file system without links
  }
}

/** Whether the stack's file had been moved to its place. */
function isPlaced(unfinished: string, { file }: Shop): boolean {
  const [staged, placed] = [path.join(unfinished, path.basename(file)), file].map((each) =>
    lstatSync(each, { throwIfNoEntry: false }),
  );
  return staged === undefined || (placed !== undefined && placed.ino === staged.ino && placed.dev === staged.dev);
}

const taken = (slug: string, cause?: unknown): FleetError =>
  new FleetError("SHOP_EXISTS", `shop "${slug}" was made by another process meanwhile; nothing of it was touched`, {
    cause,
  });

function makerOf(unfinished: string): number {
  try {
    return Number(readFileSync(path.join(unfinished, MAKER), "utf8"));
  } catch {
    return Number.NaN;
  }
}
