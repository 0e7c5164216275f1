import type { Env } from "../env";
import type { ShopperApi, ShopperName } from "./api";

/** The Durable Object of one shopper in one store. */
export function shopperOf(env: Env, { store, shopper }: ShopperName): DurableObjectStub<ShopperApi> {
  return env.SHOPPER.get(env.SHOPPER.idFromName(`${store}:${shopper}`));
}
