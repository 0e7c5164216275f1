import { createHash } from "node:crypto";
import type { TestCloud } from "../../../local/cloud/support";
import { reserve } from "./reserve";
import type { Subject } from "./subject";

const file = (name: string, sql: string) => ({ name, sql, checksum: createHash("sha256").update(sql).digest("hex") });
const FIRST = file("0001_first.sql", "CREATE TABLE first (id TEXT);\nINSERT INTO first VALUES ('once');\n");
const SECOND = file("0002_second.sql", "CREATE TABLE second (id TEXT);\nINSERT INTO second VALUES ('once');\n");
const THIRD = file("0003_third.sql", "CREATE TABLE third (id TEXT);");

export const d1Migrations: Subject = {
  type: "D1Migrations",
  async prepare(test, name) {
    const databaseId = await newDatabase(test, name);
    const inputs = { accountId: test.accountId, databaseId, migrations: [FIRST, SECOND] };
    const query = <Row>(sql: string) => queryIn<Row>(test, databaseId, sql);
    return {
      inputs,
      bad: [
        [{ databaseId: 7 }, "databaseId"],
        [{ migrations: [] }, "migrations"],
        [{ migrations: [SECOND, FIRST] }, "migrations[1]"],
        [{ migrations: [{ ...FIRST, checksum: "no" }] }, "migrations[0].checksum"],
      ],
      change: { inputs: { ...inputs, migrations: [FIRST, SECOND, THIRD] }, paths: ["migrations[2]"] },
      replacement: { inputs: { ...inputs, databaseId: "another" }, paths: ["databaseId"] },
      importId: (id) => `${test.accountId}/${id}`,
      // Each file runs once: twice would be another row, or an error for the table that is there.
      async count() {
        const [table] = await query("SELECT name FROM sqlite_master WHERE name = 'first'");
        return table ? (await query("SELECT id FROM first")).length : 0;
      },
      staysAfterDelete: true,
      remove: async () => void (await query("DROP TABLE d1_migrations")),
    };
  },
};

const newDatabase = reserve(async (test, name) => {
  const { uuid = "" } = await test.client.d1.database.create({ account_id: test.accountId, name });
  return uuid;
});

async function queryIn<Row>(test: TestCloud, databaseId: string, sql: string): Promise<Row[]> {
  const { body } = await test.api("POST", `/accounts/${test.accountId}/d1/database/${databaseId}/query`, { sql });
  return (body.result as { results: Row[] }[]).flatMap(({ results }) => results);
}
