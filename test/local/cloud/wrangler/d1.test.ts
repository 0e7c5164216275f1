import { Wrangler } from "./support";

jest.setTimeout(180_000);

describe("wrangler d1", () => {
  let wrangler: Wrangler;
  let id: string;
  beforeAll(async () => {
    wrangler = await Wrangler.start();
  });
  afterAll(() => wrangler.stop());

  it("makes, lists, tells of and refuses databases", async () => {
    await wrangler.ok("d1 create shop");
    const [database] = await wrangler.json<{ uuid: string; name: string }[]>("d1 list --json");
    expect(database?.name).toBe("shop");
    id = database?.uuid ?? "";
    expect(await wrangler.json("d1 info shop --json")).toMatchObject({ name: "shop", num_tables: 0, rows_read_24h: 0 });
    expect(await wrangler.refused("d1 create shop")).toMatch(/already exists/);
  });

  it("runs statements, a file and migrations, and exports what came of it", async () => {
    await wrangler.write("wrangler.json", {
      name: "shop",
      compatibility_date: "2026-07-01",
      d1_databases: [{ binding: "DB", database_name: "shop", database_id: id }],
    });
    await wrangler.write("migrations/0001_products.sql", "CREATE TABLE products (name TEXT);");
    await wrangler.write("rows.sql", "INSERT INTO products VALUES ('wand'), ('hat');");

    expect(await wrangler.ok("d1 migrations list shop --remote")).toContain("0001_products.sql");
    await wrangler.ok("d1 migrations apply shop --remote");
    expect(await wrangler.ok("d1 migrations list shop --remote")).toContain("No migrations to apply");
    await wrangler.ok("d1 execute shop --remote --yes --file rows.sql");
    const [first, second] = await wrangler.json<{ results: object[] }[]>(
      'd1 execute shop --remote --json --command "SELECT name FROM products; SELECT count(*) AS n FROM products"',
    );
    expect([first?.results, second?.results]).toEqual([[{ name: "wand" }, { name: "hat" }], [{ n: 2 }]]);
    expect(await wrangler.refused('d1 execute shop --remote --command "SELEC"')).toContain("syntax error");

    await wrangler.ok("d1 export shop --remote --output dump.sql");
    expect(wrangler.read("dump.sql")).toContain(`INSERT INTO "products" ("name") VALUES('hat');`);
    const { bookmark } = await wrangler.json<{ bookmark: string }>("d1 time-travel info shop --json");
    await wrangler.test.client.d1.database.query(id, {
      account_id: wrangler.test.accountId,
      sql: "DROP TABLE products",
    });
    expect(await wrangler.ok(`d1 time-travel restore shop --bookmark=${bookmark}`)).toContain(
      `Database shop restored back to bookmark ${bookmark}`,
    );
    expect(await wrangler.ok('d1 execute shop --remote --command "SELECT name FROM products"')).toContain("wand");
    await wrangler.ok("d1 delete shop --skip-confirmation");
    expect(await wrangler.json("d1 list --json")).toEqual([]);
  });
});
