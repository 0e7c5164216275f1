import type { ShopReport } from "./report";

/** What happens in a run, for a display. Shops are named by their stacks. */
export type FleetEvent =
  | { readonly kind: "wave"; readonly number: number; readonly of: number; readonly stacks: readonly string[] }
  | { readonly kind: "started"; readonly stack: string }
  | { readonly kind: "progress"; readonly stack: string; readonly text: string }
  | { readonly kind: "deployed"; readonly stack: string; readonly ms: number }
  | { readonly kind: "verifying"; readonly stack: string }
  /** The last that is heard of a shop. */
  | { readonly kind: "ended"; readonly shop: ShopReport }
  | { readonly kind: "stopping"; readonly why: string };

export type OnFleetEvent = (event: FleetEvent) => void;
