import { readFileSync } from "node:fs";
import path from "node:path";
import { openStored, type Filter } from "../../local/deploy";
import { embeddedAccount } from "../../local/deploy/release/account";
import { Project, type Ended, type RunningShop } from "../e2e/support/project";

jest.setTimeout(300_000);

interface Listed {
  entries: { where: string; kind: string; key: string; notes: Record<string, string> }[];
  more: boolean;
}

describe("wandstore kv", () => {
  const project = new Project();
  let shop: RunningShop;
  beforeAll(async () => {
    shop = await project.start();
    for (const shopper of ["ab", "abc"]) await madeFor(shopper);
    await madeFor("ab", "moss-and-kettle");
  });
  afterAll(() => project.remove());

  const run = (...args: string[]): Promise<Ended> => project.run("kv", ...args);
  const json = async <Document>(...args: string[]): Promise<Document> => {
    const { code, stdout, stderr } = await run(...args, "--json");
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Document;
  };
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(1);
    return stdout + stderr;
  };

  /** Visits a store until its page for this shopper has gone through all tiers. */
  async function madeFor(shopper: string, store = "magic-wands"): Promise<void> {
    const visit = (): Promise<Response> => fetch(`${shop.edgeUrl}/s/${store}?shopper=${shopper}`);
    for (const until = Date.now() + 60_000; Date.now() < until;) {
      const source = (await visit()).headers.get("X-Wand-Source");
      if (source !== "fallback") return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`no page was made for ${shopper}`);
  }
  /** Keys that fit, asked without a process of the command line, of which each takes its second to start. */
  const keys = async (filter: Filter = {}): Promise<string[]> => {
    const stored = await openStored(embeddedAccount({ ...shop, registryUrl: "" }), "dev");
    const found: string[] = [];
    for await (const { key } of stored!.list(filter)) found.push(key);
    return found;
  };

  it("lists what is kept of a shopper, in KV and in R2, and of nobody whose id begins alike", async () => {
    const { entries, more } = await json<Listed>("list", "--store", "magic-wands", "--shopper", "ab");
    const places = entries.map(({ where, kind }) => `${where} ${kind}`);
    expect(more).toBe(false);
    expect(places).toEqual(expect.arrayContaining(["kv pages", "r2 pages", "kv sessions"]));
    expect(entries.filter(({ key }) => key.includes("abc"))).toEqual([]);
    expect(entries.find(({ where, kind }) => where === "kv" && kind === "pages")?.notes).toMatchObject({
      source: "template",
    });
  });

  it("lists a shopper's entries in all stores, and one kind alone", async () => {
    const pages = await keys({ shopper: "ab", kind: "pages" });
    expect(pages.some((key) => key.startsWith("ui:moss-and-kettle:ab:"))).toBe(true);
    expect(pages.some((key) => key.startsWith("ui:magic-wands:ab:"))).toBe(true);
    expect(await keys({ kind: "stores" })).toEqual(["store:magic-wands", "store:moss-and-kettle"]);
    expect(await keys({ kind: "changes" })).toEqual([]);
  });

  it("says that there is more than it shows", async () => {
    expect(await json<Listed>("list", "--limit", "1")).toMatchObject({ more: true });
    const { stdout } = await run("list", "--limit", "1");
    expect(stdout).toMatch(/and more: --limit/);
  });

  it("shows a page unpacked, and as the document it is", async () => {
    const [key = ""] = await keys({ store: "magic-wands", shopper: "ab", kind: "pages" });
    const shown = await json<{ value: { version: number; ui: { html: string } } }>("show", key);
    expect(shown.value).toMatchObject({ version: 1, source: "template" });
    const { stdout } = await run("show", key, "--html");
    expect(stdout.trim()).toBe(shown.value.ui.html.trim());
    expect((await run("show", "generated/magic-wands:ab.html")).stdout).toMatch(/^<!doctype html>/);
  });

  it("refuses a key that nothing of ours has, and says when a right one holds nothing", async () => {
    const answers = await Promise.all([
      refused("show", "secret:magic-wands"),
      refused("show", "session:magic-wands:nobody"),
      refused("show", "store:magic-wands", "--html"),
      refused("show", "changes:magic-wands"),
    ]);
    expect(answers[0]).toMatch(/no key of the runtime.*ui:, session:, job:, store:/s);
    expect(answers[1]).toMatch(/nothing is kept/);
    expect(answers[2]).toMatch(/is no page/);
    expect(answers[3]).toMatch(/nothing is kept/);
  });

  it("purges nothing without being told whose, nor a store's own entry, nor unconfirmed", async () => {
    const before = await keys();
    const answers = await Promise.all([
      refused("purge", "--yes"),
      refused("purge", "--store", "magic-wands", "--kind", "stores", "--yes"),
      refused("purge", "--store", "magic-wands", "--kind", "changes", "--yes"),
      refused("purge", "--store", "Magic Wands", "--yes"),
      refused("purge", "--shopper", "../ab", "--yes"),
      refused("purge", "--store", "magic-wands"),
    ]);
    const reasons = [
      /say whose entries/,
      /deployment/,
      /webhooks/,
      /found "Magic Wands"/,
      /found "\.\.\/ab"/,
      /add --yes/,
    ];
    reasons.forEach((reason, index) => expect(answers[index]).toMatch(reason));
    expect(await json("purge", "--store", "magic-wands", "--dry-run")).toMatchObject({ removed: 0, dryRun: true });
    expect(await keys()).toEqual(before);
  });

  it("purges a shopper's entries of one store from KV and R2, and leaves all others", async () => {
    const others = (await keys()).filter((key) => !/magic-wands:ab[:.]|magic-wands:ab$/.test(key));
    const { stdout } = await run("purge", "--store", "magic-wands", "--shopper", "ab", "--yes");
    expect(stdout).toMatch(/Removed .*page.*object.*session/s);
    expect(await keys()).toEqual(others);
    expect(await keys({ store: "magic-wands", shopper: "ab" })).toEqual([]);
  });

  it("does what its guide says, command by command", async () => {
    const guide = readFileSync(path.resolve(__dirname, "../../docs/guides/what-is-kept.md"), "utf8");
    const commands = [...guide.matchAll(/^npm run -s wandstore -- kv (.*)$/gm)].map(([, line]) => line!.split(" "));
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(await run(...command)).toMatchObject({ code: 0, stderr: "" });
    expect(await keys({ store: "magic-wands", kind: "pages" })).toEqual([]);
    expect(await keys({ store: "moss-and-kettle", kind: "pages" })).not.toEqual([]);
  });

  it("purges a whole store but its own entry, which goes on serving", async () => {
    await run("purge", "--store", "magic-wands", "--yes");
    expect(await keys({ store: "magic-wands" })).toEqual(["store:magic-wands"]);
    expect((await fetch(`${shop.edgeUrl}/s/magic-wands?shopper=new`)).status).toBe(200);
  });

  it("says that a stack is not deployed", async () => {
    const other = new Project();
    try {
      const { code, stderr } = await other.run("kv", "list");
      expect(code).toBe(1);
      expect(stderr).toMatch(/npm start/);
    } finally {
      other.remove();
    }
  });
});
