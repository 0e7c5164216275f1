import { assembleStore, makeStore, type LoadedStore } from "../../runtime/lib/catalogue/store";
import { type Manifest, parseManifest, sourceOf, storefrontApi } from "../../runtime/lib/catalogue/manifest";
import { readStorefront } from "../../runtime/lib/catalogue/storefrontApi";
import { assumedIn, toldBy, withAssumptions } from "./assume";
import { checkFree } from "./collisions";
import { FleetError } from "./errors";
import { readExport } from "./exportFile";
import { type ExportFolder, isFolder, readExportFolder } from "./exportFolder";
import { shopAt, type Shop } from "./list";
import { layered, writeManifest, type Part, type Sayings } from "./manifest";
import { askShop } from "./shopifyShop";
import { checkSlug } from "./slug";
import { DEFAULT_BUDGET_USD, movedStackFile, stackFileOf } from "./stackFile";

export interface NewShopOptions {
  readonly projectDir: string;
  readonly slug: string;
  /** Where its products come from: a file, a folder that was exported, or a shop at Shopify. */
  readonly from: { readonly path: string } | { readonly domain: string; readonly endpoint?: string };
  /** What was said of it. */
  readonly said?: Sayings;
  /** Keys of the manifest besides. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly budgetUsd?: number | undefined;
  /** Asks a person for what nobody said, before it is assumed. */
  readonly ask?: (sayings: Sayings) => Promise<Sayings>;
  readonly onProgress?: (text: string) => void;
}

/** A shop that was judged and is not written yet. */
export interface NewShop {
  readonly shop: Shop;
  /** Files of its folder, by name. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  readonly stackFile: string;
  readonly store: LoadedStore;
  /** What was taken for things that nobody said. */
  readonly assumed: readonly [Part, unknown][];
}

/**
 * Judges a new shop by all that needs no program: its slug, that there is room for it, its products and its manifest. Nothing is
 * written.
 * @throws FleetError; CatalogueError with file, line and column of all that is wrong with the products
 */
export async function planShop(options: NewShopOptions): Promise<NewShop> {
  const { projectDir, from } = options;
  const slug = checkSlug(options.slug);
  const shop = shopAt(projectDir, slug);
  checkFree(projectDir, shop);
  const made =
    "domain" in from
      ? await ofShopify(slug, from, options)
      : isFolder(from.path)
        ? await ofFolder(slug, from.path, options)
        : await ofFile(slug, from.path, options);
  return { stackFile: stackFileOf(slug, options.budgetUsd ?? DEFAULT_BUDGET_USD), ...made, shop };
}

type Made = Pick<NewShop, "files" | "store" | "assumed"> & { readonly stackFile?: string };

/** What is said, what is asked for, what the export tells, and what is assumed, in this order. */
async function complete(slug: string, { said = {}, ask }: NewShopOptions, told: Sayings): Promise<Sayings> {
  const known = layered(said, told);
  return withAssumptions(slug, ask === undefined ? known : layered(known, await ask(known)));
}

async function ofFile(slug: string, path: string, options: NewShopOptions): Promise<Made> {
  const file = readExport(path);
  const source = { catalogue: file.name };
  // What is wrong with the brand is told before a long catalogue is read.
  const draft = writeManifest(withAssumptions(slug, options.said ?? {}), source, options.more);
  const told = toldBy(makeStore(slug, draft.manifest, file));
  const sayings = await complete(slug, options, told);
  const { text, manifest } = writeManifest(sayings, source, options.more);
  const store = makeStore(slug, manifest, file);
  const files = new Map<string, string | Buffer>([
    ["store.yaml", text],
    [file.name, file.bytes],
  ]);
  return { files, store, assumed: assumedIn(sayings) };
}

async function ofShopify(
  slug: string,
  { domain, endpoint }: { domain: string; endpoint?: string },
  options: NewShopOptions,
): Promise<Made> {
  const source = { shopify: { domain, ...(endpoint !== undefined && { endpoint }) } };
  const draft = writeManifest(withAssumptions(slug, options.said ?? {}), source, options.more);
  const sayings = await complete(slug, options, await askShop(draft.manifest.shopify!));
  const { text, manifest } = writeManifest(sayings, source, options.more);
  const store = await readOnline(slug, manifest, options);
  return { files: new Map([["store.yaml", text]]), store, assumed: assumedIn(sayings) };
}

/** A shop that was exported comes as it was: byte for byte, its stack's settings too. */
async function ofFolder(slug: string, path: string, options: NewShopOptions): Promise<Made> {
  const { said, more, budgetUsd } = options;
  const rest = { ...said, ...more, ...(budgetUsd !== undefined && { budget: budgetUsd }) };
  if (Object.keys(rest).length > 0) {
    throw new FleetError(
      "BAD_BRAND",
      `${path} has its own brand and settings (found ${Object.keys(rest).join(", ")} beside it): leave them out, and change the ` +
        "shop's files afterwards",
    );
  }
  const { store: files, stackFile } = await readExportFolder(path);
  const { text, file } = files.get("store.yaml")!;
  const manifest = parseManifest(text, file);
  return {
    files: new Map([...files].map(([name, { bytes }]) => [name, bytes])),
    store: await storeOf(slug, manifest, files, options),
    stackFile: movedStackFile(stackFile.text, slug),
    assumed: [],
  };
}

function storeOf(
  slug: string,
  manifest: Manifest,
  files: ExportFolder["store"],
  options: NewShopOptions,
): LoadedStore | Promise<LoadedStore> {
  const source = sourceOf(manifest);
  if ("shopify" in source) return readOnline(slug, manifest, options);
  const products = files.get(source.file);
  if (products !== undefined) return makeStore(slug, manifest, products);
  throw new FleetError("BAD_EXPORT", `the export has no store/${source.file}, which its store.yaml names`);
}

async function readOnline(slug: string, manifest: Manifest, { onProgress }: NewShopOptions): Promise<LoadedStore> {
  const endpoint = storefrontApi(manifest.shopify!);
  return assembleStore(
    slug,
    manifest,
    endpoint,
    await readStorefront({ endpoint }, endpoint, manifest, { onProgress }),
  );
}
