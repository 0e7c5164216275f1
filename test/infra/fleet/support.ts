import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder with a project's stack files and stores, and room for what merchants send. */
export interface Desk {
  readonly dir: string;
  /** Writes a file beside the project and answers with its path. */
  put(name: string, content: string | Uint8Array): string;
  /** Every path in the project. */
  tree(): string[];
  remove(): void;
}

export function openDesk(): Desk {
  const root = mkdtempSync(path.join(tmpdir(), "wand-shops-"));
  const dir = path.join(root, "project");
  mkdirSync(path.join(dir, "stores/magic-wands"), { recursive: true });
  writeFileSync(path.join(dir, "stores/README.md"), "# Stores\n");
  const stores = path.resolve(__dirname, "../../../stores");
  cpSync(path.join(stores, "magic-wands"), path.join(dir, "stores/magic-wands"), { recursive: true });
  writeFileSync(path.join(dir, "Pulumi.dev.yaml"), "config:\n  wandstore:environment: dev\n");
  return {
    dir,
    put(name, content) {
      const file = path.join(root, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    tree: () => readdirSync(dir, { recursive: true, encoding: "utf8" }).toSorted(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** An export of two products, as Shopify writes it. */
export const CSV = [
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant Price,Status",
  "assam,Assam,<p>Malty.</p>,Tea House,Tea,black,true,9.50,active",
  "pot,Iron pot,,Tea House,Teaware,,true,48.00,active",
  "",
].join("\r\n");
