import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { programMark, shopMark } from "../../../../infra/fleet/run/fingerprint";

const root = mkdtempSync(path.join(tmpdir(), "wand-mark-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const file = path.join(root, "Pulumi.shop-a.yaml");
const folder = path.join(root, "stores/a");
function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}
const marks = (): string[] => [programMark(root), shopMark(root, { file, folder })];

test("the program's mark and the shop's each change with their own files, and with no others", () => {
  for (const name of ["infra/index.ts", "runtime/a/b.ts", "Pulumi.shop-a.yaml", "stores/a/products.csv"])
    write(name, "1");
  const [program, shop] = marks();
  expect(marks()).toEqual([program, shop]);

  write("Pulumi.shop-b.yaml", "other");
  write("stores/b/products.csv", "other");
  expect(marks()).toEqual([program, shop]);

  write("stores/a/products.csv", "2");
  const [same, newer] = marks();
  expect([same === program, newer === shop]).toEqual([true, false]);

  write("runtime/a/b.ts", "2");
  expect(marks()[0]).not.toBe(program);
  expect(marks()[1]).toBe(newer);
});

test("a file that moves is a change, though no content is new", () => {
  write("infra/one.ts", "x");
  const before = programMark(root);
  rmSync(path.join(root, "infra/one.ts"));
  write("infra/two.ts", "x");
  expect(programMark(root)).not.toBe(before);
});
