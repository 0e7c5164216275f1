import path from "node:path";
import { itIf } from "../support/skip";
import { type Account, openAccount } from "./support/account";
import { prebuilt } from "./support/prebuilt";
import { HAS_PULUMI } from "./support/pulumi";

/** A shop by Pulumi's Automation API and the real CLI, in the embedded cloud in place of an account. */
const LIMIT_MS = 600_000;
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");

let account: Account | undefined;
afterAll(async () => {
  await account?.remove();
});

itWithCli(
  "a shop is made, deployed, listed and destroyed, and no secret of it is told",
  async () => {
    account = await openAccount();
    const { project, cloud, pulumi } = account;
    for (const [name, value] of Object.entries(pulumi.env)) if (value !== undefined) project.env[name] = value;
    const shop = async <Document>(...args: string[]): Promise<Document> => {
      const { code, stdout, stderr } = await project.run("shop", ...args, "--json");
      for (const text of [stdout, stderr]) expect(text).not.toContain(cloud.apiToken);
      if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as Document;
    };
    project.write("pots.json", '[{ "id": "pot", "title": "Pot", "price": 48 }]');
    await shop("create", "pots", "--from", path.join(project.dir, "pots.json"));
    const { ref } = await prebuilt(project.dir, cloud); // no Docker here
    project.edit(
      "Pulumi.shop-pots.yaml",
      (text) => `${text}  wandstore:image:\n    ref: ${ref}\n  wandstore:pool:\n    size: 1\n`,
    );

    const up = await shop<{ page: string; changeSummary: Record<string, number> }>("up", "pots");
    expect(new URL(up.page).pathname).toBe("/s/pots");
    expect(up.changeSummary["create"]).toBeGreaterThan(20);
    const { shops } = await shop<{ shops: object[] }>("list");
    expect(shops).toEqual([
      expect.objectContaining({ slug: "pots", state: "deployed", products: 1, address: up.page }),
    ]);

    const gone = await shop<{ exported: string[] }>("destroy", "pots", "--yes", "--remove-files");
    expect(gone.exported).toHaveLength(1);
    expect((await shop<{ shops: object[] }>("list")).shops).toEqual([]);
    expect(JSON.parse(await pulumi.must("stack", "ls", "--json"))).toEqual([]);
  },
  LIMIT_MS,
);
