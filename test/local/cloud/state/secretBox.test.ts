import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretBox } from "../../../../local/cloud/state/secretBox";

describe("secrets at rest", () => {
  it("opens what it sealed, and seals the same text anew each time", () => {
    const box = new SecretBox(randomBytes(32));
    const [one, two] = [box.seal("clé"), box.seal("clé")];
    expect(one).not.toBe(two);
    expect([box.open(one), box.open(two)]).toEqual(["clé", "clé"]);
  });

  it("does not open what was changed, or sealed with another key", () => {
    const box = new SecretBox(randomBytes(32));
    const bytes = Buffer.from(box.seal("text"), "base64");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(() => box.open(bytes.toString("base64"))).toThrow(/authenticate/);
    expect(() => new SecretBox(randomBytes(32)).open(box.seal("text"))).toThrow(/authenticate/);
  });

  it("says so when its key file is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "key-"));
    await writeFile(join(folder, "key"), "short");
    expect(() => SecretBox.fromFile(join(folder, "key"))).toThrow(/does not hold 32 bytes/);
    await rm(folder, { recursive: true });
  });
});
