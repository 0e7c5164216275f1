import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { shopAt, type Shop } from "../../../infra/fleet/list";
import { checkSlug } from "../../../infra/fleet/slug";
import { readOutputs } from "../../../local/deploy";
import { confirmByName } from "../../confirm";
import { say } from "../../display";
import { changeLine, upDocument, upLines } from "../../display/shop";
import { interruptible } from "../../interrupts";
import { PROJECT_DIR } from "../../options";
import { automation } from "../../shop/automation";
import { findShop } from "../../shop/find";
import type { ShopOptions } from "../../shop/options";
import { withShopPlace } from "../../shop/place";
import { upShop } from "../../shop/up";
import { watched } from "../../shop/watch";
import { preview as previewStack } from "../operate";

export interface DestroyOptions extends ShopOptions {
  readonly yes: boolean;
  readonly removeFiles: boolean;
}

/** `wandstore shop up`. */
export async function up(slug: string, options: ShopOptions): Promise<void> {
  const shop = findShop(slug);
  const done = await upShop(shop, options);
  if (options.json)
    say(JSON.stringify({ operation: "up", shop: slug, stack: shop.stack, ...upDocument(done) }, null, 2));
  else for (const line of upLines(done)) say(line);
}

/** `wandstore shop preview`: nothing is made. */
export async function preview(slug: string, options: ShopOptions): Promise<void> {
  const { stack } = findShop(slug);
  if (options.local) return previewStack({ ...options, stack });
  const { summary } = await watched(options.json, (watching) =>
    interruptible((signal) => withShopPlace(options, watching, ({ engine }) => engine.preview(stack, { signal }))),
  );
  if (options.json) say(JSON.stringify({ operation: "preview", shop: slug, stack, changeSummary: summary }, null, 2));
  else say(`Resources: ${changeLine(summary, true)}`);
}

/**
 * `wandstore shop destroy`: everything of a shop in the account, its data included, which is exported before it goes. Its files
 * stay unless they are to go, too.
 */
export async function destroy(slug: string, options: DestroyOptions): Promise<void> {
  const shop = deployedShop(slug, options);
  const { stack } = shop;
  if (!options.yes) await confirmByName(slug, `destroy deletes everything of shop "${slug}", data included`);
  const before = exportsOf(stack);
  const { summary } = await watched(options.json, (watching) =>
    interruptible((signal) => withShopPlace(options, watching, ({ engine }) => engine.destroy(stack, { signal }))),
  );
  const exported = exportsOf(stack).filter((folder) => !before.includes(folder));
  if (options.removeFiles) {
    if (!options.local) await automation().forgetStack(PROJECT_DIR, stack);
    removeFiles(shop);
  }
  if (options.json) {
    const document = {
      operation: "destroy",
      shop: slug,
      stack,
      changeSummary: summary,
      exported,
      filesRemoved: options.removeFiles,
    };
    return say(JSON.stringify(document, null, 2));
  }
  say(`Resources: ${changeLine(summary, false)}`);
  for (const folder of exported) say(`Its data as it was: ${folder}`);
  const kept = existsSync(shop.file)
    ? `Kept: ${path.relative(PROJECT_DIR, shop.folder)} and ${path.basename(shop.file)}; --remove-files removes them, too`
    : `Gone: ${path.relative(PROJECT_DIR, shop.folder)} and ${path.basename(shop.file)}`;
  say(kept);
}

/** A shop to destroy: one whose files are gone may still be deployed in the embedded cloud. */
function deployedShop(slug: string, { local, stateDir }: ShopOptions): Shop {
  const shop = shopAt(PROJECT_DIR, checkSlug(slug));
  const where = { projectDir: PROJECT_DIR, stateDir, stack: shop.stack, showSecrets: false };
  return local && readOutputs(where) !== undefined ? shop : findShop(slug);
}

/** The stack's file goes first: without it the folder is no shop. */
function removeFiles({ file, folder, stack }: Shop): void {
  rmSync(file, { force: true });
  rmSync(folder, { recursive: true, force: true });
  rmSync(path.join(PROJECT_DIR, ".build", stack), { recursive: true, force: true });
}

function exportsOf(stack: string): string[] {
  const parent = path.join(PROJECT_DIR, "exports", stack);
  return existsSync(parent) ? readdirSync(parent).map((name) => path.join("exports", stack, name)) : [];
}
