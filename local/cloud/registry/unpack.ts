/**
 * Unpacks the layers of an image into a folder (OCI image-spec, layer.md): later layers win, whiteouts remove. Nothing of an
 * image can be written outside the folder: names with `..` are refused, and no entry is written through a link.
 */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  copyFileSync,
  readdirSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract as createExtract, type Header } from "tar-stream";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** The bytes of an entry, as tar-stream gives them. */
type Content = AsyncIterable<Uint8Array> & { resume(): unknown };

/** A layer holds what a layer must not. */
export class BadLayer extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadLayer";
  }
}

/** Applies one layer (tar, or tar in gzip) to the folder. @throws {BadLayer} */
export async function unpackLayer(path: string, root: string): Promise<void> {
  const extract = createExtract();
  const entries = (async () => {
    for await (const entry of extract) await unpackEntry(entry.header, entry as unknown as Content, root);
  })();
  const file = createReadStream(path);
  const unzipped = (await isGzip(path)) ? pipeline(file, createGunzip(), extract) : pipeline(file, extract);
  await Promise.all([unzipped, entries]);
}

async function unpackEntry(header: Header, content: Content, root: string): Promise<void> {
  const target = inside(root, header.name);
  const name = basename(target);
  if (name.startsWith(WHITEOUT)) {
    content.resume();
    if (name === OPAQUE) clear(dirname(target));
    else
      rmSync(inside(root, join(dirname(header.name), name.slice(WHITEOUT.length))), { recursive: true, force: true });
    return;
  }
  if (header.type === "directory") {
    content.resume();
    if (existsSync(target) && !lstatSync(target).isDirectory()) rmSync(target);
    mkdirSync(target, { recursive: true });
    return;
  }
  if (target === root) throw new BadLayer("a layer replaces the root folder");
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  switch (header.type) {
    case "file":
    case "contiguous-file":
      await pipeline(content, createWriteStream(target, { mode: (header.mode ?? 0o644) & 0o755 }));
      return;
    case "symlink":
      content.resume();
      symlinkSync(linkInside(root, target, header.linkname ?? ""), target);
      return;
    case "link":
      content.resume();
      copyFileSync(inside(root, header.linkname ?? ""), target);
      return;
    default: // devices and pipes have no use for a process without a root of its own
      content.resume();
  }
}

/** The path of an entry; refused where it leaves the root, by its name or through a link on the way. */
function inside(root: string, name: string): string {
  if (name.includes("\0") || name.split("/").includes(".."))
    throw new BadLayer(`a layer names ${JSON.stringify(name)}`);
  const path = resolve(root, `./${name}`);
  let folder = root;
  for (const part of relative(root, dirname(path)).split(sep).filter(Boolean)) {
    folder = join(folder, part);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new BadLayer(`a layer writes through the link ${relative(root, folder)}`);
    }
  }
  return path;
}

/** A link's target; one that is absolute means the image's own root. */
function linkInside(root: string, path: string, linkname: string): string {
  const target = linkname.startsWith("/") ? resolve(root, `.${linkname}`) : resolve(dirname(path), linkname);
  if (target !== root && !target.startsWith(root + sep)) {
    throw new BadLayer(`a layer links ${relative(root, path)} to ${JSON.stringify(linkname)}, outside the image`);
  }
  return relative(dirname(path), target) || ".";
}

function clear(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b; // RFC 1952, 2.3.1
  } finally {
    await file.close();
  }
}
