import * as z from "zod";
import { quote } from "./errors";
import { formatPath } from "./schemaProblems";
import { askStorefront, type Clock, type StorefrontDoor, WALL_CLOCK } from "./storefrontClient";
import { FieldsDenied, LastingFault, TooComplex } from "./storefrontErrors";
import { Connection, Openable } from "./storefrontProduct";
import { PRODUCTS_QUERY, VARIANTS_QUERY } from "./storefrontQueries";

/** The most that Shopify gives at once. */
const PAGE = 250;
/** Variants and pictures that come with a page of products; few products have more, and their variants are asked for. */
const WITH_A_PRODUCT = { variants: 10, images: 10 };
/** A page shows every product of a shop: no browser would like more. */
const MOST_PRODUCTS = 10_000;
/** As many as Shopify lets a product have. */
const MOST_VARIANTS = 2048;

export interface StorefrontOptions {
  /** Told how far it is, and what the shop does not tell: in sentences, for a log. */
  readonly onProgress?: ((message: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

const ProductsAnswer = z.object({ products: Connection });
const VariantsAnswer = z.object({ product: z.object({ variants: Connection }) });

/** Asks page by page, for as much at once as the shop lets it. */
export class StorefrontReader {
  readonly #progress: (message: string) => void;
  readonly #clock: Clock;
  /** Fields that need a token, and a scope of it. */
  readonly #open: { tags: boolean; stock: boolean };
  #sizes = { first: PAGE, ...WITH_A_PRODUCT };
  #furtherVariants = PAGE;

  constructor(
    private readonly door: StorefrontDoor,
    { onProgress, clock }: StorefrontOptions,
  ) {
    this.#progress = onProgress ?? (() => undefined);
    this.#clock = clock ?? WALL_CLOCK;
    const token = door.accessToken !== undefined;
    this.#open = { tags: token, stock: token };
    if (!token) this.#progress("there is no token: the shop gives no tags and no stock");
  }

  /** Every product with all its variants. */
  async *products(): AsyncGenerator<unknown> {
    let count = 0;
    for await (const node of this.#pages((after) => this.#productPage(after), "products")) {
      if (++count > MOST_PRODUCTS) {
        throw new LastingFault(`the shop has more than ${MOST_PRODUCTS} products; divide it, or export a part of it`);
      }
      const openable = Openable.safeParse(node);
      yield openable.success && openable.data.variants.pageInfo.hasNextPage
        ? await this.#withAllVariants(node as object, openable.data)
        : node;
      if (count % PAGE === 0) this.#progress(`${count} products`);
    }
  }

  async *#pages(ask: (after: string | null) => Promise<Connection>, what: string, from: string | null = null) {
    const seen = new Set<string | null>([from]);
    for (let after = from; ;) {
      const { nodes, pageInfo } = await ask(after);
      yield* nodes;
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor;
      // Else the same page would come for ever.
      if (after === null || seen.has(after)) throw new LastingFault(`the shop's pages of ${what} lead nowhere new`);
      seen.add(after);
    }
  }

  async #productPage(after: string | null): Promise<Connection> {
    for (;;) {
      try {
        const answer = await this.#ask(PRODUCTS_QUERY, { ...this.#sizes, ...this.#open, after });
        return parse(ProductsAnswer, answer).products;
      } catch (error) {
        if (error instanceof TooComplex) this.#shrink(error);
        else if (error instanceof FieldsDenied) this.#close(error);
        else throw error;
      }
    }
  }

  /** Fewer products at once; where a single one costs too much, fewer of its variants and pictures. */
  #shrink(error: TooComplex): void {
    const less = (size: number): number => Math.max(1, Math.floor(size * error.share));
    const { first, variants, images } = this.#sizes;
    if (first > 1) this.#sizes = { first: less(first), variants, images };
    else if (variants > 1 || images > 1) this.#sizes = { first, variants: less(variants), images: less(images) };
    else throw error;
  }

  #close(error: FieldsDenied): void {
    const before = { ...this.#open };
    if (error.fields.has("tags")) this.#open.tags = false;
    if (error.fields.has("quantityAvailable")) this.#open.stock = false;
    if (before.tags === this.#open.tags && before.stock === this.#open.stock) throw error;
    this.#progress(`the token does not open ${[...error.fields].join(" and ")}: left out`);
  }

  async #withAllVariants(node: object, { id, variants }: z.infer<typeof Openable>): Promise<unknown> {
    const nodes = [...variants.nodes];
    const rest = this.#pages((after) => this.#variantPage(id, after), `variants of ${id}`, variants.pageInfo.endCursor);
    for await (const variant of rest) {
      if (nodes.push(variant) > MOST_VARIANTS) throw new LastingFault(`${id} has more than ${MOST_VARIANTS} variants`);
    }
    return { ...node, variants: { nodes } };
  }

  async #variantPage(id: string, after: string | null): Promise<Connection> {
    for (;;) {
      const { stock } = this.#open;
      try {
        const answer = await this.#ask(VARIANTS_QUERY, { id, first: this.#furtherVariants, after, stock });
        return parse(VariantsAnswer, answer).product.variants;
      } catch (error) {
        if (error instanceof FieldsDenied) this.#close(error);
        else if (!(error instanceof TooComplex) || this.#furtherVariants === 1) throw error;
        else this.#furtherVariants = Math.max(1, Math.floor(this.#furtherVariants * error.share));
      }
    }
  }

  #ask(query: string, variables: Record<string, unknown>): Promise<unknown> {
    return askStorefront(this.door, query, variables, this.#clock);
  }
}

/** @throws LastingFault for an answer that is not the one to the question. */
function parse<Answer>(schema: z.ZodType<Answer>, data: unknown): Answer {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const path = formatPath(result.error.issues[0]?.path ?? []);
  throw new LastingFault(`found ${quote(data)}, which is not what was asked for (${path})`);
}
