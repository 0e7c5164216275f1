import { readFileSync } from "node:fs";
import path from "node:path";
import { withRoutes } from "../../../../local/cloud/api/reference";

const README = path.join(__dirname, "../../../../local/cloud/README.md");

describe("the table of routes", () => {
  it("is current (npm run generate)", () => {
    const text = readFileSync(README, "utf8");
    expect(text).toBe(withRoutes(text));
  });

  it("says of every file how far its routes go, and names each route once", () => {
    const rows = withRoutes(readFileSync(README, "utf8"))
      .split("\n")
      .filter((line) => /^\| [A-Z]+,? /.test(line));
    expect(rows.length).toBeGreaterThan(25);
    for (const row of rows) expect(row).toMatch(/` \| .{5,} \|$/);
    const named = rows.flatMap((row) => (row.split(" | ")[0] ?? "").replace("| ", "").split("<br>"));
    expect(new Set(named).size).toBe(named.length);
    expect(named).toContain("GET, PUT, DELETE `{a}/storage/kv/namespaces/{namespace}/values/{key}`");
  });

  it("refuses a page that has no place for it", () => {
    expect(() => withRoutes("# Nothing")).toThrow(/must have/);
  });
});
