import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { planShop, type NewShop } from "../../../infra/fleet/create";
import { listShops } from "../../../infra/fleet/list";
import { removeUnfinished, writeShop } from "../../../infra/fleet/write";
import { CSV, type Desk, openDesk } from "./support";

jest.setTimeout(120_000);

let desk: Desk;
let before: string[];
let made: NewShop;
beforeEach(async () => {
  desk = openDesk();
  before = desk.tree();
  made = await planShop({ projectDir: desk.dir, slug: "acme", from: { path: desk.put("export.csv", CSV) } });
});
afterEach(() => {
  desk.remove();
});

const WHOLE = ["Pulumi.shop-acme.yaml", "stores/acme", "stores/acme/products.csv", "stores/acme/store.yaml"];
const whole = (): string[] => [...before, ...WHOLE].toSorted();
const nobodyJudges = async (): Promise<void> => {};

test("a shop is its files, and nothing besides", async () => {
  await writeShop(desk.dir, made, nobodyJudges);
  expect(desk.tree()).toEqual(whole());
  expect(readFileSync(path.join(desk.dir, "stores/acme/products.csv"))).toEqual(Buffer.from(CSV));
  expect(listShops(desk.dir).map(({ slug, stack }) => [slug, stack])).toEqual([["acme", "shop-acme"]]);
});

test("who judges it finds its files in their place, and the stack's file not yet", async () => {
  await writeShop(desk.dir, made, async (configFile) => {
    expect(readFileSync(configFile, "utf8")).toBe(made.stackFile);
    expect(existsSync(path.join(desk.dir, "stores/acme/store.yaml"))).toBe(true);
    expect(listShops(desk.dir)).toEqual([]);
  });
});

test("a check that fails leaves nothing", async () => {
  const refused = writeShop(desk.dir, made, () => Promise.reject(new Error("policies refuse it")));
  await expect(refused).rejects.toThrow("policies refuse it");
  expect(desk.tree()).toEqual(before);
});

test("what another process made meanwhile is not touched", async () => {
  mkdirSync(path.join(desk.dir, "stores/acme"));
  writeFileSync(path.join(desk.dir, "stores/acme/store.yaml"), "theirs");
  await expect(writeShop(desk.dir, made, nobodyJudges)).rejects.toMatchObject({ code: "SHOP_EXISTS" });
  expect(readFileSync(path.join(desk.dir, "stores/acme/store.yaml"), "utf8")).toBe("theirs");
  expect(desk.tree().filter((name) => name.includes(".new"))).toEqual([]);
});

test("a stack's file that appears while the shop is judged is not overwritten", async () => {
  const stack = path.join(desk.dir, "Pulumi.shop-acme.yaml");
  const refused = writeShop(desk.dir, made, async () => writeFileSync(stack, "theirs"));
  await expect(refused).rejects.toMatchObject({ code: "SHOP_EXISTS" });
  expect(readFileSync(stack, "utf8")).toBe("theirs");
  expect(existsSync(path.join(desk.dir, "stores/acme"))).toBe(false);
});

test("of two that make the same shop at once, one does", async () => {
  const results = await Promise.allSettled([
    writeShop(desk.dir, made, nobodyJudges),
    writeShop(desk.dir, made, nobodyJudges),
  ]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(desk.tree()).toEqual(whole());
});

test("what a process that still runs has begun is left to it", async () => {
  await writeShop(desk.dir, made, async () => {
    removeUnfinished(desk.dir);
    expect(existsSync(path.join(desk.dir, "stores/acme/store.yaml"))).toBe(true);
  });
  expect(desk.tree()).toEqual(whole());
});

test("a folder that somebody made by hand is nobody's leftover", () => {
  mkdirSync(path.join(desk.dir, "stores/by-hand"));
  writeFileSync(path.join(desk.dir, "stores/.new-thing"), "");
  const there = desk.tree();
  removeUnfinished(desk.dir);
  expect(desk.tree()).toEqual(there);
});

describe("killed before any of its writes", () => {
  /** Answers with whether the process came to its end. */
  const makeKilled = (count: number): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const args = [path.join(__dirname, "killed.js"), desk.dir, String(count)];
      execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout === "done");
        else if (error.signal === "SIGKILL" && !error.killed) resolve(false);
        else reject(new Error(`ended with ${error.code}: ${stderr}`));
      });
    });

  it("leaves a whole shop or none, once the next run has looked", async () => {
    const seen: boolean[] = [];
    for (let count = 0; ; count++) {
      const isDone = await makeKilled(count);
      removeUnfinished(desk.dir);
      const isWhole = existsSync(path.join(desk.dir, "Pulumi.shop-acme.yaml"));
      expect([count, desk.tree()]).toEqual([count, isWhole ? whole() : before]);
      seen.push(isWhole);
      if (isDone) break;
      if (!isWhole) continue;
      expect(statSync(path.join(desk.dir, "Pulumi.shop-acme.yaml")).nlink).toBe(1);
      desk.remove(); // and from the beginning
      desk = openDesk();
    }
    expect(seen.length).toBeGreaterThan(8); // there are so many writes
    expect([seen[0], seen.at(-1)]).toEqual([false, true]);
    expect(seen).toEqual(seen.toSorted()); // first never, then always
  });
});
