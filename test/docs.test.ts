import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: ROOT, encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "" && existsSync(path.join(ROOT, file)));
const pages = tracked.filter((file) => file.endsWith(".md"));

describe("the documentation", () => {
  it.each(pages)("%s links only to what exists", (page) => {
    const text = readFileSync(path.join(ROOT, page), "utf8").replace(/```[\s\S]*?```/g, "");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !/^[a-z]+:/i.test(link));
    const broken = links.filter((link) => !existsSync(path.join(ROOT, path.dirname(page), link.split("#")[0]!)));
    expect(broken).toEqual([]);
  });

  it("has a README whose test command is the one that continuous integration runs", () => {
    const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
    expect(readme).toMatch(/^ {4}npm test\b/m);
    const commands = readFileSync(path.join(ROOT, ".ci/run"), "utf8").trimEnd().split("\n");
    expect(commands.at(-1)).toBe("npm test");
  });

  it("has a picture of a page that is light", () => {
    expect(readFileSync(path.join(ROOT, "docs/images/storefront.png")).length).toBeLessThan(400_000);
  });
});

describe("the repository", () => {
  it("names no address that a package was downloaded from", () => {
    const lock = readFileSync(path.join(ROOT, "package-lock.json"), "utf8");
    expect(lock).not.toContain('"resolved"');
  });

  it("has no source file that is too long to be one room", () => {
    const long = tracked
      .filter((file) => /\.(ts|js|mjs)$/.test(file))
      .map((file) => [file, readFileSync(path.join(ROOT, file), "utf8").split("\n").length] as const)
      .filter(([, lines]) => lines > 400);
    expect(long).toEqual([]);
  });
});
