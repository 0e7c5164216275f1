import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { WebUrl } from "../../contract/product";
import { BrandSchema, HostSchema, StoreRecordSchema } from "../../contract/store";
import { CatalogueError } from "./errors";
import { formatPath, schemaProblems } from "./schemaProblems";

const { shape } = StoreRecordSchema;
const settings = shape.settings.shape;

/** Shopify answers a version for a year, and then as the oldest that it still answers. */
const STOREFRONT_API_VERSION = "2026-10";

/** The shop at Shopify. */
const ShopifySchema = z.strictObject({
  domain: HostSchema,
  apiVersion: z
    .string()
    .regex(/^(20\d\d-(01|04|07|10)|unstable)$/, "a version is a year and quarter such as 2026-10, or unstable")
    .default(STOREFRONT_API_VERSION),
  /** Where the Storefront API answers instead, such as a stand-in for tests. */
  endpoint: WebUrl.refine(isSafe, "the endpoint begins with https://, or with http:// on this machine").optional(),
  /** Where the checkout is, if neither at `shopUrl` nor at `domain`. */
  checkoutDomain: HostSchema.optional(),
});

/** `store.yaml`. Its keys are camel case as configuration is; the rules of each value are the contract's. */
const ManifestSchema = z.strictObject({
  name: shape.name,
  locale: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "a locale is a BCP 47 tag such as en-GB"),
  currency: z.string().regex(/^[A-Z]{3}$/, "a currency is three capital letters such as GBP"),
  shopUrl: WebUrl.refine((url) => !/[?#]/.test(url), "the shop's address has no ? or #"),
  brand: z.strictObject({
    primaryColor: BrandSchema.shape.primary_color,
    secondaryColor: BrandSchema.shape.secondary_color,
    fontFamily: BrandSchema.shape.font_family,
    tone: BrandSchema.shape.tone,
    tagline: BrandSchema.shape.tagline,
    mark: BrandSchema.shape.mark,
  }),
  /** A file beside the manifest. Left out: `products.csv`, or with `shopify` the Storefront API. */
  catalogue: z.enum(["products.csv", "products.json"]).optional(),
  shopify: ShopifySchema.optional(),
  settings: z
    .strictObject({
      cacheTtlSeconds: settings.cache_ttl_seconds,
      consentRequired: settings.consent_required,
      dailyBudgetUsd: settings.daily_budget_usd,
    })
    .prefault({}),
  /** `refuse`: one bad row and nothing loads. `skip`: bad rows are left out and reported. */
  onBadRow: z.enum(["refuse", "skip"]).default("refuse"),
});
export type Manifest = z.infer<typeof ManifestSchema>;
export type ShopifyManifest = z.infer<typeof ShopifySchema>;

/** Where a store's catalogue comes from. */
export type CatalogueSource = { file: "products.csv" | "products.json" } | { shopify: ShopifyManifest };

export function sourceOf({ catalogue, shopify }: Manifest): CatalogueSource {
  return catalogue === undefined && shopify !== undefined ? { shopify } : { file: catalogue ?? "products.csv" };
}

/** Where the Storefront API of a shop answers. */
export const storefrontApi = ({ domain, apiVersion, endpoint }: ShopifyManifest): string =>
  endpoint ?? `https://${domain}/api/${apiVersion}/graphql.json`;

/** Nobody on the way may read the token, or change a price. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** Reads a manifest. Throws a CatalogueError with everything that is wrong in it, each with line, path, found and allowed. */
export function parseManifest(text: string, file: string): Manifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new CatalogueError(
      document.errors.map(({ pos, message }) => ({ file, line: lines.linePos(pos[0]).line, column: null, message })),
    );
  }
  const value: unknown = document.toJS();
  const result = ManifestSchema.safeParse(value);
  if (result.success) return result.data;
  throw new CatalogueError(
    schemaProblems(result.error, value).map(({ path, message }) => ({
      file,
      line: lineOf(document, lines, path),
      column: path.length === 0 ? null : formatPath(path),
      message,
    })),
  );
}

/** The line of the value at a path, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
