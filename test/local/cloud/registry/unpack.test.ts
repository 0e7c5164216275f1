import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackLayer } from "../../../../local/cloud/registry/unpack";
import { layer, type Files } from "../images";

describe("unpacking the layers of an image", () => {
  let folder: string;
  let root: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "unpack-"));
    root = join(folder, "root");
    await mkdir(root);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const unpack = async (files: Files, zipped = true) => {
    const path = join(folder, "layer");
    await writeFile(path, await layer(files, zipped));
    await unpackLayer(path, root);
  };
  const read = (name: string) => readFile(join(root, name), "utf8");

  it.each([true, false])("writes files, whether the layer is zipped (%s) or not", async (zipped) => {
    await unpack({ "app/a.js": "a", "./b": "b", "/abs": "c" }, zipped);
    expect(await Promise.all(["app/a.js", "b", "abs"].map(read))).toEqual(["a", "b", "c"]);
  });

  it("lets a later layer replace and remove what an earlier one had", async () => {
    await unpack({ "a/1": "1", "a/2": "2", "b/1": "1", c: "old" });
    await unpack({ "a/.wh.1": "", "b/.wh..wh..opq": "", "b/3": "3", c: "new" });
    expect(["a/1", "a/2", "b/1", "b/3"].map((name) => existsSync(join(root, name)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(await read("c")).toBe("new");
  });

  it("keeps links inside the image, absolute ones too", async () => {
    await unpack({ "opt/node": "node", "usr/bin/node": { symlink: "/opt/node" }, "usr/n": { symlink: "bin/node" } });
    expect(await read("usr/bin/node")).toBe("node");
    expect(await read("usr/n")).toBe("node");
    expect(await readlink(join(root, "usr/bin/node"))).toBe("../../opt/node");
  });

  it.each<[string, Files]>([
    ["a name with ..", { "../escaped": "x" }],
    ["a name with .. in the middle", { "a/../../escaped": "x" }],
    ["a whiteout with ..", { "../.wh.layer": "" }],
    ["a link that leads out", { out: { symlink: "../../escaped" } }],
    ["a file through a link", { "real/f": "x", link: { symlink: "real" }, "link/escaped": "x" }],
  ])("refuses %s", async (_, files) => {
    await expect(unpack(files)).rejects.toThrow(/^a layer /);
    expect(existsSync(join(folder, "escaped"))).toBe(false);
    expect(existsSync(join(folder, "layer"))).toBe(true);
  });
});
