import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { secret } from "../../../../local/deploy/engine/values";
import { StateFile } from "../../../../local/deploy/state/stateFile";
import { emptyState } from "../../../../local/deploy/state/stackState";

let stateDir: string;
beforeEach(() => (stateDir = mkdtempSync(path.join(tmpdir(), "wand-state-"))));
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const withSecret = (value: string) => ({
  ...emptyState("shop", "dev"),
  pending: [{ urn: "u", type: "t", name: "n", inputs: { key: secret({ deep: value }) }, dependencies: [] }],
});

describe("the state file", () => {
  it("gives back what was saved, with its secrets, which are not in the file", async () => {
    const file = new StateFile(stateDir, "shop", "dev");
    await file.save(withSecret("hush-hush"));
    expect(readFileSync(file.file, "utf8")).not.toContain("hush-hush");
    expect(new StateFile(stateDir, "shop", "dev").read()).toEqual(withSecret("hush-hush"));
  });

  it("is for its owner alone, and so is the key", async () => {
    const file = new StateFile(stateDir, "shop", "dev");
    await file.save(emptyState("shop", "dev"));
    const modes = [file.file, path.join(stateDir, "deploy.key")].map((name) => statSync(name).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
  });

  it("ends with the last of many saves at once", async () => {
    const file = new StateFile(stateDir, "shop", "dev");
    const state = emptyState("shop", "dev");
    const saves = Array.from({ length: 20 }, (_, at) => {
      state.accountId = `account-${at}`;
      return file.save(state);
    });
    await Promise.all(saves);
    expect(file.read().accountId).toBe("account-19");
  });

  it("does not open the secrets of another stack's file", async () => {
    const dev = new StateFile(stateDir, "shop", "dev");
    await dev.save(withSecret("hush-hush"));
    const other = new StateFile(stateDir, "shop", "other");
    writeFileSync(other.file, readFileSync(dev.file));
    expect(() => other.read()).toThrow("cannot be opened");
  });

  it("refuses a broken file, and one of a later version, by its name", async () => {
    const file = new StateFile(stateDir, "shop", "dev");
    await file.save(emptyState("shop", "dev"));
    writeFileSync(file.file, '{"version": 2}');
    expect(() => file.read()).toThrow(/dev\.json has version 2/);
    writeFileSync(file.file, '{"version"');
    expect(() => file.read()).toThrow(/dev\.json is not JSON/);
  });

  it.each(["dev", "a", "shop-acme-2", `a${"b".repeat(60)}`])("takes %s as the name of a stack", (name) => {
    expect(() => new StateFile(stateDir, "shop", name)).not.toThrow();
  });

  it.each(["", "Dev", "2nd", "-a", "a_b", "../dev", "a/b", `a${"b".repeat(61)}`])("refuses %j", (name) => {
    expect(() => new StateFile(stateDir, "shop", name)).toThrow("cannot be the name of a stack");
    expect(existsSync(path.join(stateDir, "stacks"))).toBe(false);
  });

  it("lets one run at a time on a stack, and another stack beside it", async () => {
    const release = await new StateFile(stateDir, "shop", "dev").lock(() => {});
    await expect(new StateFile(stateDir, "shop", "dev").lock(() => {})).rejects.toMatchObject({
      code: "STACK_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    const other = await new StateFile(stateDir, "shop", "other").lock(() => {});
    await Promise.all([release(), other()]);
    await (
      await new StateFile(stateDir, "shop", "dev").lock(() => {})
    )();
  });

  it("takes over the lock of a process that is gone", async () => {
    const file = new StateFile(stateDir, "shop", "dev");
    const release = await file.lock(() => {});
    writeFileSync(`${file.file}.owner`, "999999999"); // no such process
    const waiting = new StateFile(stateDir, "shop", "dev").lock(() => {});
    await release(); // stands for the lock that goes stale
    await (
      await waiting
    )();
  });
});
