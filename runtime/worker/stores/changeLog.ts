import type { Catalogue, Product } from "../../contract/product";

/** A value in KV may have 25 MiB; this leaves room for the keys and the commas. */
export const LARGEST_CHANGES_BYTES = 20_000_000;
/** A row of a Durable Object's SQLite has at most 2 MB. */
export const LARGEST_PRODUCT_BYTES = 1_900_000;

/** When a product was so, milliseconds since 1970: as the product itself says, and as its webhook says. */
export interface Moment {
  updatedAt: number;
  triggeredAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  shopify_id: string;
  /** Our id, the handle; null while only Shopify's is known. */
  id: string | null;
  base: string;
  updated_at: number;
  triggered_at: number;
  product: string | null;
}

/** What a shop's products are now and since when, in SQLite. Rows of a former deployment only tell ids and times. */
export class ChangeLog {
  constructor(readonly sql: SqlStorage) {
    sql.exec(`CREATE TABLE IF NOT EXISTS products (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, shopify_id TEXT NOT NULL UNIQUE, id TEXT, base TEXT NOT NULL,
      updated_at INTEGER NOT NULL, triggered_at INTEGER NOT NULL, product TEXT, bytes INTEGER NOT NULL DEFAULT 0
    )`);
    // Handles that a product gave up, so that its former self does not stay beside it.
    sql.exec("CREATE TABLE IF NOT EXISTS former (id TEXT PRIMARY KEY, base TEXT NOT NULL) WITHOUT ROWID");
  }

  /** Whether something newer is known of a product. Of two of the same second the later webhook is the newer. */
  isStale(shopifyId: string, { updatedAt, triggeredAt }: Moment): boolean {
    const row = this.#row(shopifyId);
    if (row === undefined || row.updated_at < updatedAt) return false;
    return row.updated_at > updatedAt || row.triggered_at > triggeredAt;
  }

  /** What a product is called here, by what was seen of it and by the deployed catalogue. */
  idOf(shopifyId: string, deployed: Catalogue, variantIds: ReadonlySet<string>): string | undefined {
    const byNumber = deployed.products.find((product) => product.shopify_id === shopifyId);
    const byVariants = (): Product | undefined =>
      deployed.products.find(({ variants }) => variants.some(({ id }) => variantIds.has(id)));
    return this.#row(shopifyId)?.id ?? byNumber?.id ?? (variantIds.size === 0 ? undefined : byVariants()?.id);
  }

  /** A product as it was last: as the shop changed it since the deployment, or as deployed. */
  product(shopifyId: string, id: string | undefined, deployed: Catalogue): Product | undefined {
    const row = this.#row(shopifyId);
    if (row?.base === deployed.version && row.product !== null) return JSON.parse(row.product) as Product;
    return deployed.products.find((product) => product.id === id);
  }

  /** Whether a product of this size still finds room. */
  hasRoom(shopifyId: string, bytes: number, base: string): boolean {
    const { used } = this.sql
      .exec<{ used: number }>(
        "SELECT COALESCE(SUM(bytes), 0) AS used FROM products WHERE base = ? AND shopify_id <> ?",
        base,
        shopifyId,
      )
      .one();
    return used + bytes <= LARGEST_CHANGES_BYTES;
  }

  /** Notes what a product is now; null when it is not shown any more. */
  note(
    shopifyId: string,
    id: string | null,
    base: string,
    moment: Moment,
    product: string | null,
    bytes: number,
  ): void {
    this.sql.exec(
      `INSERT INTO products (shopify_id, id, base, updated_at, triggered_at, product, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (shopify_id) DO UPDATE SET id = excluded.id, base = excluded.base, updated_at = excluded.updated_at,
         triggered_at = excluded.triggered_at, product = excluded.product, bytes = excluded.bytes`,
      shopifyId,
      id,
      base,
      moment.updatedAt,
      moment.triggeredAt,
      product,
      bytes,
    );
    // Another deployment has replaced these; their ids and times are still true.
    this.sql.exec("UPDATE products SET product = NULL, bytes = 0 WHERE base <> ? AND bytes > 0", base);
    this.sql.exec("DELETE FROM former WHERE base <> ?", base);
  }

  /** A handle that no product has any more, unless another takes it. */
  giveUp(id: string, base: string): void {
    this.sql.exec("INSERT OR REPLACE INTO former VALUES (?, ?)", id, base);
  }

  /** The changes to a deployed catalogue as text, for KV. A handle that two rows name is the one's that is shown. */
  changes(base: string): string {
    const former = this.sql.exec<{ id: string }>("SELECT id FROM former WHERE base = ? ORDER BY id", base);
    const rows = this.sql.exec<{ id: string; product: string | null }>(
      "SELECT id, product FROM products WHERE base = ? AND id IS NOT NULL ORDER BY product IS NOT NULL, seq",
      base,
    );
    const texts = new Map<string, string>();
    for (const { id } of former) texts.set(id, "null");
    for (const { id, product } of rows) texts.set(id, product ?? "null");
    const products = Array.from(texts, ([id, text]) => `${JSON.stringify(id)}:${text}`).join(",");
    return `{"version":1,"base":${JSON.stringify(base)},"products":{${products}}}`;
  }

  clear(): void {
    this.sql.exec("DELETE FROM products");
    this.sql.exec("DELETE FROM former");
  }

  #row(shopifyId: string): Row | undefined {
    return this.sql.exec<Row>("SELECT * FROM products WHERE shopify_id = ?", shopifyId).toArray()[0];
  }
}
