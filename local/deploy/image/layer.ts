import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import tar from "tar-stream";
import type { Copied, ImageRecipe } from "./stage";

interface LayerFile {
  /** Path in the image, without the leading slash. */
  name: string;
  content: Buffer;
  mode: number;
}

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

/** The files a Dockerfile copies, by their place in the image, in the order of their names. */
export function filesOf(recipe: ImageRecipe, contextDir: string): LayerFile[] {
  const files = new Map<string, LayerFile>();
  for (const copied of recipe.copies) {
    const made =
      copied.stage === undefined ? fromContext(copied, contextDir) : fromStage(copied, copied.stage, contextDir);
    for (const file of made) files.set(file.name, file);
  }
  return [...files.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function fromContext({ sources, target }: Copied, contextDir: string): LayerFile[] {
  return sources.flatMap((source) => {
    const from = path.resolve(contextDir, source);
    if (from !== contextDir && !from.startsWith(contextDir + path.sep)) {
      throw new Error(`COPY names ${source}, which is outside the build context ${contextDir}`);
    }
    if (!existsSync(from)) throw new Error(`COPY names ${source}, which is not in the build context ${contextDir}`);
    const directory = statSync(from).isDirectory();
    const to = directory ? target : fileTarget(target, source);
    return (directory ? walk(from) : [""]).map((file) =>
      readLayerFile(path.join(from, file), nameIn(to, file.split(path.sep).join("/"))),
    );
  });
}

function fromStage({ sources, target }: Copied, stage: ImageRecipe, contextDir: string): LayerFile[] {
  const there = filesOf(stage, contextDir);
  return sources.flatMap((source) => {
    const place = path.posix.resolve("/", source).slice(1);
    const file = there.find(({ name }) => name === place);
    if (file) return [{ ...file, name: nameIn(fileTarget(target, source), "") }];
    const inside = place === "" ? "" : `${place}/`;
    const below = there.filter(({ name }) => name.startsWith(inside));
    if (below.length > 0) return below.map((one) => ({ ...one, name: nameIn(target, one.name.slice(inside.length)) }));
    throw new Error(
      `COPY names ${source}, which its stage does not copy from the build context; the files of ${stage.from} are not known without Docker`,
    );
  });
}

/** A folder's content is copied into the target, a file keeps its name where the target is a folder. */
const fileTarget = (target: string, source: string): string =>
  target.endsWith("/") ? target + path.posix.basename(source) : target;

const nameIn = (folder: string, file: string): string => path.posix.join(folder, file).replace(/^\//, "");

function walk(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

function readLayerFile(file: string, name: string): LayerFile {
  const executable = (statSync(file).mode & 0o100) !== 0;
  return { name, content: readFileSync(file), mode: executable ? EXECUTABLE_MODE : FILE_MODE };
}

/** A tar archive that depends on nothing but names, contents and the executable bit. */
export async function tarOf(files: readonly LayerFile[]): Promise<Buffer> {
  const pack = tar.pack();
  const packed = buffer(pack);
  const fixed = { mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "" };
  for (const { name, content, mode } of files) pack.entry({ ...fixed, name, mode, type: "file" }, content);
  pack.finalize();
  return packed;
}
