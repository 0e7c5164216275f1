import type { StackChange, StackRun } from "../../infra/fleet/engine";
import type { Shop } from "../../infra/fleet/list";
import { interruptible } from "../interrupts";
import type { ShopOptions } from "./options";
import { askPage } from "./page";
import { withShopPlace } from "./place";
import { watched } from "./watch";

/** A shop that was deployed and has answered. */
export interface ShopUp extends StackChange {
  /** Where its page is. */
  readonly page: string;
  /** Whether it is there when the command has ended. */
  readonly stays: boolean;
  /** Milliseconds: the deployment, and the first page. */
  readonly ms: { readonly deploy: number; readonly page: number };
}

/** Deploys a shop with its progress on the screen, and asks for its page. */
export function upShop(shop: Shop, options: ShopOptions): Promise<ShopUp> {
  return watched(options.json, (watching) =>
    interruptible((signal) =>
      withShopPlace(options, watching, async ({ engine, stays, accountOf }) => {
        const from = performance.now();
        const run: StackRun = { signal };
        const change = await engine.up(shop.stack, run);
        const deploy = performance.now() - from;
        const page = change.outputs?.defaultStorefront ?? "";
        const { edge } = await accountOf(shop.stack);
        return { ...change, page, stays, ms: { deploy, page: await askPage(edge, page, options.local, signal) } };
      }),
    ),
  );
}
